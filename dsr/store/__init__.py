"""The database of dsr itself: tables, queries, the trail, migrations."""
