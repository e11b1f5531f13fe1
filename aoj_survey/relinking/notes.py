"""What the report says beside an outcome, and why an attempt was not made, in Dutch and English."""

from .words import Text

NOTES: dict[str, Text] = {
    "no_answers": Text(
        "Er zijn nog geen leesbare antwoorden: de stembus is niet geopend.",
        "There are no readable answers yet: the box was not opened.",
    ),
    "no_open_answers": Text(
        "Er zijn geen antwoorden in eigen woorden: de stembus is niet geopend, of niemand schreef iets.",
        "There are no answers in own words: the box was not opened, or nobody wrote any.",
    ),
    "opened": Text(
        "De stembus is geopend: antwoorden zijn nu leesbaar, zoals bedoeld.",
        "The box was opened: answers can be read now, as is meant.",
    ),
    "sqlite": Text(
        "SQLite bewaart niet welke transactie een rij schreef.",
        "SQLite does not keep which transaction wrote a row.",
    ),
    "no_list": Text(
        "De lijst is er niet (meer): er is niemand om antwoorden naast te leggen.",
        "There is no list (any more): nobody to lay answers beside.",
    ),
    "one_class": Text(
        "Alle antwoorden horen bij één groep, of er zijn er te weinig; dan zegt deze proef niets.",
        "All answers are of one class, or there are too few; then this test tells nothing.",
    ),
    "no_contact_key": Text(
        "Naar adressen is niet gezocht: de sleutel van de adressen is vernietigd of ontbreekt.",
        "Addresses were not sought: the key of the addresses was destroyed or is missing.",
    ),
    "no_link_key": Text(
        "De sleutel van de links is vernietigd of ontbreekt; links zijn alleen aan hun kenmerk herkend.",
        "The key of the links was destroyed or is missing; links were known by their hash only.",
    ),
    "nothing_to_seek": Text(
        "Lijst en sleutels zijn vernietigd of ontbreken: er is niets meer om naar te zoeken.",
        "List and keys were destroyed or are missing: there is nothing to seek any more.",
    ),
    "rows_only": Text(
        "De bestanden van de databaseserver zijn hier niet te lezen; alleen de rijen zijn bekeken.",
        "The files of the database server cannot be read from here; only rows were looked at.",
    ),
    "sqlite_log": Text(
        "SQLite heeft geen logboek van transacties; wat naast het bestand ligt, is met de database doorzocht.",
        "SQLite has no log of transactions; what lies beside its file was searched with the database.",
    ),
    "no_log": Text(
        "Het transactielogboek is hier niet te lezen en niet meegegeven (--wal).",
        "The write-ahead log cannot be read from here, and was not given (--wal).",
    ),
    "no_dump_log": Text(
        "Er is geen pg_waldump die dit logboek kan lezen: transacties zijn niet naast elkaar gelegd.",
        "There is no pg_waldump that can read this log: transactions were not laid beside each other.",
    ),
    "no_backup": Text("Er is geen reservekopie meegegeven (--backup).", "No backup was given (--backup)."),
    "unreadable_backup": Text(
        "Deze reservekopie is ingepakt door pg_dump. Maak er een in gewone tekst: pg_dump --format=plain.",
        "This backup was packed by pg_dump. Make one in plain text: pg_dump --format=plain.",
    ),
    "no_logs": Text("Er zijn geen logbestanden meegegeven (--logs).", "No log files were given (--logs)."),
    "still_running": Text("De deelname loopt nog.", "The participation still runs."),
    "not_opened": Text("De stembus is niet geopend.", "The box was not opened."),
    "key_exists": Text(
        "De sleutel van de stembus is er nog; hij gaat weg als de bundel is nagekeken, uiterlijk na zeven dagen.",
        "The key of the box is still there; it goes once the bundle was verified, after seven days at most.",
    ),
    "no_classes": Text("Er zijn nog geen groepen vastgelegd.", "No classes have been laid down yet."),
    "no_counts": Text("Er zijn nog geen tellingen getoond.", "No counts have been shown yet."),
}
