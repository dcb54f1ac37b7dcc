"""Whatever arrives becomes a Message; a Message becomes requests.

What comes in goes through four hands, each of which knows only the one before it:

=========== =================================== ====================================================
`read`      a source -> `arrival.Arrival`       mbox, maildir, folders, tables, objects, outlook;
                                                imap, imap_answers, imap_line, imap_moves,
                                                imap_pieces, imap_place; begun, growing, overlong,
                                                mailbox_lines, places, postmarks; kept reads again
                                                what was kept
`message`   Arrival -> `message.Message`        parsing, quick, parts, decode, charsets, markup,
                                                hidden, sheets, selectors, quoted, sender,
                                                authentication, times, attachments, automatic,
                                                storable, fingerprint; detach; forms, columns,
                                                written, drp, opendsr, statuses
`classify`  Message -> `classify.Finding`       page, clauses, language, asking, match, rights,
                                                right, articles, vetoes, questions, weighing,
                                                occasions, short,
                                                unclear, identifiers, stated, named_laws; budget,
                                                pool
`thread`    Message, Finding and what is known  again, marks; judged holds both ends
            -> `judged.Judgement`
=========== =================================== ====================================================

What services do with a Judgement stands in `dsr.services.filing`. Nothing here opens a database,
asks the clock or fetches anything. To add

- a form of arrival: a reader that yields Arrivals, and Problems for what it cannot read; a line in
  `read` by which a file is known as one; its bytes must be read again by `kept`.
- what another program's JSON asks: a module as `opendsr`, with `is_request` and `form_of`, a line
  in `objects`, its words in `rules/data/status_formats.toml`.
- a limit: a field of `dsr.domain.limits.Limits` with its word there, and the guard where the cost
  arises: in `parsing.beyond` before a mail is parsed, in `parts` while it is walked through. A mail
  beyond it is quarantined, never dropped: raise `parts.TooMuchError`.
- a language: `rules/data/phrases/<language>.toml`, what else it has for mail (`mail`, `quoting`,
  `sentences`, `stated`, `short`, `naming` and `headings.toml` beside it), and labelled texts in
  `fixtures/requests/`. No line of code, but where its script is new: that is a word of
  `dsr.rules.wording.Script`, its letters in `page`.
- a kind of mail that is no request: a word of `dsr.domain.mail.MailSort`, its signs in
  `rules/data/mail.toml`, the rule that knows it in `automatic`; where it goes is `thread`'s.
"""
