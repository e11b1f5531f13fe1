"""What is found before mail goes out, a sentence each: what it is and what to do. Doors translate them."""

from aoj_survey.wording import N_

SENTENCES = {
    "not_checked": N_("The checks were not made yet. The worker makes them within a minute. Does it run?"),
    # The mail server
    "smtp_ok": N_("The mail server answers, and takes our login where there is one."),
    "smtp_open": N_(
        "Mail goes to the mail server without encryption. Set smtp_security to starttls or tls, if it offers that."
    ),
    "smtp_unreachable": N_(
        "The mail server cannot be reached. Check smtp_host and smtp_port, and whether it runs."
    ),
    "smtp_certificate": N_(
        "The mail server has no certificate that we can trust. Check smtp_host and smtp_security."
    ),
    "smtp_lacks": N_(
        "The mail server does not offer what we ask of it. Check smtp_security, smtp_user and smtp_login."
    ),
    "smtp_login": N_("The mail server refuses our account. Check smtp_user and its password file."),
    "smtp_sender": N_(
        "The mail server refuses mail from our sender address. Check mail_sender and bounce_address, and whether it"
        " sends for them."
    ),
    "smtp_password": N_(
        "The password of the mail server is missing, or others can read it. Check smtp_password_file."
    ),
    # The sender's domain
    "sender_example": N_(
        "The sender %(domain)s is an example, so no mail arrives. Set mail_sender to an address of your own."
    ),
    "dns_silent": N_(
        "We cannot look up %(domain)s, so nothing is known of %(record)s. Try again later, or check dns_server."
    ),
    "spf_ok": N_("SPF: %(domain)s names our mail server."),
    "spf_unsure": N_(
        "SPF: %(domain)s has a record. We cannot see that it names the server that our mail leaves from. Ask the"
        " administrator of the mail server what must stand there."
    ),
    "spf_none": N_(
        "SPF: %(domain)s has no record, so receivers may refuse our mail. Add a TXT record: v=spf1, how your mail"
        " server is called, and ~all."
    ),
    "spf_several": N_(
        "SPF: %(domain)s has more than one record, so receivers pass over all. Make one of them."
    ),
    "spf_wrong": N_(
        "SPF: the record of %(domain)s cannot be followed (%(part)s). Mend it; ask who manages the domain."
    ),
    "spf_anybody": N_("SPF: %(domain)s lets everybody send its mail. End its record with ~all or -all."),
    "dkim_ok": N_("DKIM: %(name)s has a key. We cannot see whether the mail server signs our mail with it."),
    "dkim_unset": N_(
        "DKIM was not checked. Does your mail server sign mail? Then set dkim_selector to the name of its key."
    ),
    "dkim_none": N_("DKIM: %(name)s has no key. Publish it there as a TXT record, or check dkim_selector."),
    "dkim_revoked": N_(
        "DKIM: the key at %(name)s was withdrawn. Publish the key that the mail server uses now."
    ),
    "dmarc_ok": N_("DMARC: %(domain)s has a policy (%(policy)s), and our mail can meet it."),
    "dmarc_none": N_(
        "DMARC: %(domain)s has no policy. Large mail providers want one: add a TXT record at _dmarc.%(domain)s"
        " that begins with v=DMARC1; p=none."
    ),
    "dmarc_wrong": N_(
        "DMARC: the record at %(name)s cannot be used, or there are several. Make one of them."
    ),
    "dmarc_unmet": N_(
        "DMARC: our mail cannot meet the policy of %(domain)s (%(policy)s). Undelivered mail comes back to another"
        " domain or to one without SPF, and we know no DKIM key. Set bounce_address to an address of %(domain)s"
        " and give that SPF, or set up DKIM."
    ),
    # This installation
    "clock_ok": N_("The clock is right, as far as we can see."),
    "clock_behind": N_(
        "The clock is %(seconds)s seconds behind what was written earlier. Set it by a time server."
    ),
    "clock_apart": N_(
        "The clock differs %(seconds)s seconds from that of the database. Set both by a time server."
    ),
    "clock_alone": N_(
        "This machine does not set its clock by a time server, as far as it knows. Turn that on."
    ),
    "disk_ok": N_("There is room on the disk: %(free)s MB."),
    "disk_low": N_("There is little room on the disk: %(free)s MB. Make room, at least %(wanted)s MB."),
    "disk_full": N_(
        "The disk is nearly full: %(free)s MB. Answers may be lost. Make room, at least %(wanted)s MB."
    ),
    "keys_missing": N_(
        "A key is missing, or others can read it. Run aoj doctor on the machine itself: it says which."
    ),
    "keys_overdue": N_(
        "The key of a ballot box should have been destroyed and is still there. Run aoj doctor on the machine itself:"
        " it says which."
    ),
    "keys_inside": N_(
        "The keys lie in the instance folder. Who copies that folder copies them too, so old copies can still be"
        " opened. Set key_directory to a folder outside your backup."
    ),
    "keys_confirm": N_(
        "The keys are in order. We cannot see whether snapshots of this machine hold them too. Keep the key"
        " directory outside those, or tell your privacy officer how long they are kept."
    ),
    "backup_ok": N_("The last backup ended %(hours)s hours ago."),
    "backup_unset": N_(
        "We cannot see whether backups are made. Set backup_marker to a file that yours touches."
    ),
    "backup_missing": N_("No backup ended yet: the file of backup_marker is not there. Make a backup."),
    "backup_old": N_("The last backup ended %(hours)s hours ago. Make one at least every two days."),
    "address_ok": N_("Links in mail open over a safe connection (https)."),
    "address_own": N_(
        "Links in mail open on this machine only (%(address)s). Set public_url to an address with https."
    ),
    "worker_ok": N_("The worker runs."),
    "worker_late": N_(
        "The worker gave no sign of life for %(minutes)s minutes. Start it with aoj worker, or see its log."
    ),
    "worker_never": N_("The worker never ran. Start it with aoj worker."),
}
"""By code."""
