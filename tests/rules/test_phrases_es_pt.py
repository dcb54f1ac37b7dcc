"""Spanish and Portuguese letters as different people write them; none stands in the files."""

import pytest

from dsr.intake.classify import classify
from dsr.rules.phrases import load

SPANISH = [
    ("Hola, me podrían decir qué datos guardan de mí? gracias", "access"),
    (
        "Con fundamento en el artículo 23 de la LFPDPPP solicito acceso a mis datos personales.",
        "access",
    ),
    ("de donde sacaron mi numero de telefono?? nunca se los di", "access"),
    (
        (
            "Quisiera saber si están tratando datos personales sobre mi persona y con quién "
            "los comparten."
        ),
        "access",
    ),
    ("Che, ¿me decís a quién le pasaron mi correo?", "access"),
    (
        (
            "En ejercicio del derecho de habeas data pido conocer toda la información mía "
            "que reposa en sus bases de datos."
        ),
        "access",
    ),
    ("Mándenme una copia de todos mis datos en PDF.", "copy"),
    (
        (
            "Necesito exportar mi historial completo en un formato legible por máquina para "
            "llevarlo a otra empresa."
        ),
        "copy",
    ),
    ("Ejerzo mi derecho a la portabilidad, remitan los datos en CSV.", "copy"),
    ("Mi apellido está mal escrito, es Muñoz con eñe. ¿Lo pueden arreglar?", "correction"),
    ("Me mudé. Por favor actualicen mi domicilio: Calle Mayor 4, 2.º B.", "correction"),
    (
        (
            "Solicito la rectificación de mi fecha de nacimiento, que figura como 1978 y "
            "debe ser 1987."
        ),
        "correction",
    ),
    ("borren todo lo mio ya!!!", "deletion"),
    (
        (
            "Estimados señores: les ruego supriman cuantos datos de carácter personal obren "
            "en sus ficheros a mi nombre."
        ),
        "deletion",
    ),
    (
        "Quiero que eliminéis mi CV y mis datos de contacto de vuestra base de candidatos.",
        "deletion",
    ),
    (
        "Ejerzo el derecho de cancelación (ARCO) sobre la totalidad de mis datos personales.",
        "deletion",
    ),
    ("saquen mi foto de su pagina, nunca di permiso", "deletion"),
    (
        "Os escribo porque tenéis mis datos de una compra de 2015. Eliminadlos, por favor.",
        "deletion",
    ),
    ("dejen de llamarme", "withdrawal"),
    ("No quiero recibir mas correos con ofertas, por favor quítenme de la lista", "withdrawal"),
    ("Dame de baja de la newsletter", "withdrawal"),
    (
        (
            "Por medio de la presente revoco la autorización que otorgué para el tratamiento "
            "de mi información."
        ),
        "withdrawal",
    ),
    ("Me opongo a que usen mis datos para elaborar perfiles comerciales.", "withdrawal"),
    ("Ya no acepto las cookies de seguimiento, retiro mi consentimiento.", "withdrawal"),
    ("No autorizo la cesión de mis datos a terceros.", "withdrawal"),
    ("quiero borrar mi cuenta", "cancellation"),
    ("Buenas tardes, cómo hago para dar de baja mi usuario?", "cancellation"),
    (
        "Solicito el cierre definitivo de mi cuenta y la eliminación de todos mis datos.",
        "cancellation deletion",
    ),
    ("Ya no uso la aplicación, tengo una cuenta con este correo. Elimínenla.", "cancellation"),
    (
        "quisiera cancelar mi cuenta de socio y que no me manden más publicidad",
        "cancellation withdrawal",
    ),
    (
        "Mientras resuelven mi reclamación, pido que se limite el tratamiento de mis datos.",
        "restriction",
    ),
    ("Bloqueen mis datos pero no los borren, los necesito para un juicio.", "restriction"),
    ("Un algoritmo me denegó el préstamo. Exijo que un empleado lo vuelva a estudiar.", "review"),
    (
        "Impugno la decisión automatizada por la que se rechazó mi contratación del seguro.",
        "review",
    ),
    (
        "¿Me explican qué significa su política de privacidad cuando habla de ceder datos?",
        "explanation",
    ),
    ("Presento queja por el manejo que hicieron de mis datos personales.", "complaint"),
    ("Por favor cancelen el pedido 4411, me equivoqué de talla.", ""),
    ("¿Me mandan una copia de la factura de marzo? La perdí.", ""),
    ("No encuentro mi contraseña, ¿cómo entro en mi cuenta?", ""),
    (
        (
            "Usted puede ejercer sus derechos de acceso, rectificación y supresión "
            "escribiendo a privacidad@tienda.example."
        ),
        "",
    ),
    ("Si no desea recibir más correos, haga clic aquí para darse de baja.", ""),
    ("Eliminen la diapositiva 7 antes de la reunión, tiene un error en los datos de ventas.", ""),
    ("Buscamos delegado de protección de datos con experiencia en RGPD; envíanos tu CV.", ""),
    ("Hemos eliminado sus datos como nos pidió.", ""),
    ("Queremos rescindir el contrato de mantenimiento de los ascensores.", ""),
    (
        (
            "Nuestra empresa cambió de banco, actualicen la cuenta bancaria para las "
            "próximas facturas."
        ),
        "",
    ),
    ("No borren mi cuenta, por favor, ya he pagado.", ""),
    ("¿Qué pasa con mis puntos si cierro la cuenta?", ""),
    ("Ya actualicé mi perfil, muchas gracias por la ayuda.", ""),
    ("Tened en cuenta que el lunes es festivo y la oficina estará cerrada.", ""),
    ("Corrijan el IVA de la factura 2024-118, está mal calculado.", ""),
    ("El Parlamento debatió ayer el derecho al olvido y la portabilidad de los datos.", ""),
    ("Le informamos de que su cuenta será eliminada si no inicia sesión en 30 días.", ""),
    ("Necesito acceso a la carpeta compartida del proyecto.", ""),
]

PORTUGUESE = [
    ("Olá, gostaria de saber quais dados vocês guardam sobre mim.", "access"),
    ("Com base no art. 18, II, da LGPD, requeiro acesso aos meus dados pessoais.", "access"),
    ("onde voces conseguiram meu telefone???", "access"),
    (
        (
            "Solicito a confirmação da existência de tratamento dos meus dados e com quais "
            "empresas foram compartilhados."
        ),
        "access",
    ),
    ("Venho exercer o direito de acesso previsto no artigo 15.º do RGPD.", "access"),
    ("por que voces tem o meu cpf no sistema?", "access"),
    ("Preciso de uma cópia de todos os meus dados, pode ser em planilha.", "copy"),
    ("Quero exportar meu histórico de compras e levar para outra loja.", "copy"),
    (
        (
            "Exerço o direito à portabilidade e peço que me enviem os dados em formato de "
            "leitura automática."
        ),
        "copy",
    ),
    ("Meu sobrenome está errado no cadastro, o certo é Gonçalves.", "correction"),
    ("Mudei de casa, podem atualizar a minha morada?", "correction"),
    ("Solicito a retificação da minha data de nascimento, que consta como 1978.", "correction"),
    ("apaguem tudo que vcs tem meu", "deletion"),
    (
        (
            "Vimos requerer o apagamento de todos os dados pessoais que nos digam respeito, "
            "nomeadamente os meus."
        ),
        "deletion",
    ),
    ("Quero que removam meu currículo e meus contatos do banco de talentos.", "deletion"),
    (
        (
            "Nos termos do art. 18, VI, da Lei 13.709/2018, requer a eliminação dos dados "
            "pessoais tratados com o meu consentimento."
        ),
        "deletion",
    ),
    ("tirem minha foto do site de voces", "deletion"),
    ("Vocês têm meu e-mail e meu CPF de uma compra antiga. Por favor, excluam.", "deletion"),
    ("parem de me ligar", "withdrawal"),
    ("Nao quero mais receber email de promocao, me tira dessa lista", "withdrawal"),
    ("Favor descadastrar meu e-mail da newsletter.", "withdrawal"),
    (
        "Por meio desta revogo o consentimento que dei para o tratamento dos meus dados.",
        "withdrawal",
    ),
    ("Oponho-me à utilização dos meus dados para criação de perfis.", "withdrawal"),
    ("Retiro a autorização para os cookies de rastreamento.", "withdrawal"),
    ("Não autorizo o compartilhamento dos meus dados com terceiros.", "withdrawal"),
    ("quero excluir minha conta", "cancellation"),
    ("Boa tarde, como faço pra apagar o meu perfil?", "cancellation"),
    (
        "Solicito o encerramento da minha conta e a exclusão de todos os meus dados.",
        "cancellation deletion",
    ),
    ("Não uso mais o aplicativo, tenho uma conta com este e-mail. Podem apagar.", "cancellation"),
    (
        "gostaria de cancelar o meu cadastro e de não receber mais propaganda",
        "cancellation withdrawal",
    ),
    (
        "Enquanto analisam a minha queixa, peço a limitação do tratamento dos meus dados.",
        "restriction",
    ),
    ("Bloqueiem meus dados, mas não apaguem: vou precisar deles no processo.", "restriction"),
    ("Um algoritmo recusou o meu financiamento. Exijo que uma pessoa reavalie.", "review"),
    (
        "Solicito a revisão da decisão tomada unicamente com base em tratamento automatizado.",
        "review",
    ),
    ("Podem explicar-me o que quer dizer a vossa política de privacidade?", "explanation"),
    ("Quero registrar uma reclamação sobre o uso indevido dos meus dados pessoais.", "complaint"),
    ("Por favor cancelem o pedido 4411, comprei o tamanho errado.", ""),
    ("Podem me mandar a segunda via da fatura de março?", ""),
    ("Esqueci minha senha, como entro na minha conta?", ""),
    (
        (
            "Você pode exercer seus direitos de acesso, correção e exclusão pelo e-mail "
            "privacidade@loja.example."
        ),
        "",
    ),
    ("Se não deseja mais receber nossos e-mails, clique aqui para cancelar a inscrição.", ""),
    ("Excluam o slide 7 antes da reunião, há um erro nos dados de vendas.", ""),
    ("Vaga: encarregado de dados (DPO) com experiência em LGPD; envie seu currículo.", ""),
    ("Excluímos seus dados conforme solicitado.", ""),
    ("Queremos rescindir o contrato de manutenção dos elevadores.", ""),
    ("Nossa empresa mudou de banco, atualizem a conta bancária para os próximos pagamentos.", ""),
    ("Não excluam minha conta, por favor, já paguei.", ""),
    ("O que acontece com os meus pontos se eu encerrar a conta?", ""),
    ("Já atualizei o meu perfil, obrigado pela ajuda.", ""),
    ("Segue a prestação de contas do mês para aprovação.", ""),
    ("Corrijam o valor do ICMS na nota fiscal 118, está errado.", ""),
    ("O Congresso discutiu ontem o direito ao esquecimento e a portabilidade de dados.", ""),
    ("Informamos que a sua conta será encerrada se não houver acesso em 30 dias.", ""),
    ("Preciso de acesso à pasta compartilhada do projeto.", ""),
]

MORE = [
    ("Necesito que me borren del sistema, no les di mis datos nunca", "deletion"),
    ("Pueden decirme qué información mía tienen guardada?", "access"),
    ("hola quiero cancelar mi cuenta y recibir una copia de mis datos", "cancellation copy"),
    ("no quiero q me escriban mas al whatsapp", "withdrawal"),
    ("Actualicen mi correo electrónico: ahora es ana@x.example", "correction"),
    ("Deseo que se supriman mis datos de su fichero y se me confirme por escrito.", "deletion"),
    ("Por favor darme de baja de la lista de distribución", "withdrawal"),
    ("Me negaron el crédito por un puntaje automático, quiero que alguien lo revise", "review"),
    (
        "Les recuerdo que hace un mes pedí el borrado de mis datos y siguen sin contestar",
        "deletion",
    ),
    ("Quiero saber para qué usan mis datos", "access"),
    ("Gostaria que deletassem meus dados", "deletion"),
    ("Quero saber o que vocês sabem sobre mim", "access"),
    ("me descadastra por favor", "withdrawal"),
    ("Como faço para cancelar minha conta e apagar meus dados?", "cancellation deletion"),
    ("Meu CPF está incorreto no sistema de vocês, corrijam", "correction"),
    ("Exijo a imediata remoção do meu nome e telefone dos vossos ficheiros", "deletion"),
    ("Não quero que vendam meus dados", "withdrawal"),
    ("Retiro o meu consentimento", "withdrawal"),
    ("Solicito cópia integral dos meus dados pessoais", "copy"),
    ("Podem confirmar se possuem dados pessoais meus?", "access"),
    ("Nos confirman la cuenta para hacer la transferencia?", ""),
    ("Te mando mis datos para el contrato: nombre, DNI y dirección.", ""),
    ("Cambié mi número, el nuevo es 600000000, llámame", ""),
    ("Segue meu currículo para a vaga de analista.", ""),
    ("Preciso alterar a data da minha reserva", ""),
    ("Pueden actualizar la fecha de entrega de mi pedido?", ""),
    ("Envíen los datos bancarios para el pago", ""),
    ("Puedes quitarme de la reunión del jueves?", ""),
    ("Me puede sacar copia del informe?", ""),
    ("Olvidé mi usuario", ""),
    ("Gostaria de me inscrever na newsletter", ""),
    ("Confirmo que meus dados estão corretos", ""),
]


@pytest.mark.parametrize(("text", "kinds"), SPANISH + PORTUGUESE + MORE)
def test_a_letter_asks_for_what_it_says(text, kinds):
    found = classify("", text, "", load())
    assert {str(one.kind) for one in found.opens} == set(kinds.split())


@pytest.mark.parametrize(
    ("texts", "language"), [(SPANISH, "es"), (PORTUGUESE, "pt")], ids=["es", "pt"]
)
def test_the_language_of_most_letters_is_known(texts, language):
    known = [classify("", text, "", load()).language == language for text, _ in texts]
    assert sum(known) >= 0.9 * len(known)


LETTERS = [
    (
        (
            "Por la presente solicito la supresión de los datos personales que me conciernen "
            "según el artículo 17 del RGPD.\n\nAdemás, me opongo al tratamiento de mis datos "
            "con fines de mercadotecnia directa.\n\nDe no responder, me reservo el derecho "
            "de presentar una reclamación ante la autoridad de control y de emprender "
            "acciones legales."
        ),
        "deletion withdrawal",
    ),
    (
        (
            "Solicito acceso conforme al artículo 15 del RGPD, en concreto:\n1. los fines "
            "del tratamiento;\n2. los destinatarios;\n3. la existencia de decisiones "
            "automatizadas a que se refiere el artículo 22 del RGPD."
        ),
        "access",
    ),
    (
        (
            "Estimados senores,\nles escribo porque deseo que eliminen de manera definitiva "
            "de todos\nsus registros la informacion personal que tienen mia, incluidos mi\n"
            "correo y mi telefono."
        ),
        "deletion",
    ),
    (
        (
            "En nombre y representación de mi cliente, D. Juan Ruiz, solicito acceso a sus "
            "datos personales."
        ),
        "access",
    ),
    (
        (
            "Com fundamento no art. 18 da Lei nº 13.709/2018 (LGPD), solicito:\nI - a "
            "confirmação da existência de tratamento dos meus dados;\nIV - a eliminação dos "
            "dados desnecessários.\n\nNa falta de resposta, apresentarei petição à ANPD."
        ),
        "access deletion",
    ),
    (
        (
            "Prezados,\ngostaria que vocês removessem dos seus sistemas todas as minhas\n"
            "informações pessoais, inclusive o histórico de compras e os meus\nendereços "
            "antigos."
        ),
        "deletion",
    ),
    (
        (
            "Recibes este correo porque te suscribiste. Si quieres dejar de recibirlo, date "
            "de baja aquí. Puedes ejercer tus derechos de acceso y supresión."
        ),
        "",
    ),
    ("Os adjunto la baja médica de mi médico; estaré de baja dos semanas.", ""),
    ("Preciso que removam o item 4 do meu pedido e corrijam o endereço de entrega.", ""),
]


@pytest.mark.parametrize(("text", "kinds"), LETTERS)
def test_a_long_or_wrapped_letter_asks_for_what_it_says(text, kinds):
    found = classify("", text, "", load())
    assert {str(one.kind) for one in found.opens} == set(kinds.split())


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        (
            "Recordatorio: solicitud según el art. 15 RGPD",
            "El 2 de agosto le envié una solicitud según el artículo 15 del RGPD.",
            "access",
        ),
        (
            "Lembrete",
            "No dia 2 de agosto enviei-lhes um pedido nos termos do artigo 17.º do RGPD.",
            "deletion",
        ),
    ],
)
def test_a_reminder_makes_no_new_request(subject, text, kind):
    found = classify(subject, text, "", load())
    assert found.follow_up
    assert [str(one.kind) for one in found.opens] == [kind]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Como madre de mi hija pido que borren sus fotos y mis datos.", "guardian"),
        ("Mi difunto padre tenía una cuenta; ciérrenla.", "near_relative"),
        ("Na qualidade de procurador, solicito acesso aos dados do meu cliente.", "agent"),
        ("Quero excluir minha conta.", "subject"),
    ],
)
def test_who_writes_is_told_by_his_words(text, role):
    assert classify("", text, "", load()).role == role


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Quiero borrar mi cuenta. Número de cliente: C-4471", "c-4471"),
        ("Quero excluir minha conta. Nome de usuário: ana.lima", "ana.lima"),
    ],
)
def test_an_account_is_read_behind_its_label(text, value):
    found = classify("", text, "", load())
    assert value in {name.lower() for _, name in found.identifiers}
