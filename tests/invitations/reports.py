"""Reports of undelivered mail, in the shapes of mail servers people use; invented, with our own address in them."""

POSTFIX = """\
Return-Path: <>
Received: by mx.school.example (Postfix) id 4XyZ1a2b3c; Mon, 4 May 2026 09:31:02 +0200 (CEST)
Date: Mon, 4 May 2026 09:31:02 +0200 (CEST)
From: MAILER-DAEMON@mx.school.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4XyZ1a2b3c.1777879862/mx.school.example"
Content-Transfer-Encoding: 8bit
Message-Id: <20260504073102.4XyZ1a2b3c@mx.school.example>

This is a MIME-encapsulated message.

--4XyZ1a2b3c.1777879862/mx.school.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8

This is the mail system at host mx.school.example.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--4XyZ1a2b3c.1777879862/mx.school.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.school.example
X-Postfix-Queue-ID: 4XyZ1a2b3c
X-Postfix-Sender: rfc822; monitor@rijnmeer.example
Arrival-Date: Mon,  4 May 2026 09:31:01 +0200 (CEST)

Final-Recipient: rfc822; post@vuurtoren.example
Original-Recipient: rfc822;post@vuurtoren.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <post@vuurtoren.example>: Recipient address
    rejected: User unknown in virtual mailbox table

--4XyZ1a2b3c.1777879862/mx.school.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <monitor@rijnmeer.example>
From: Monitor Rijnmeer <monitor@rijnmeer.example>
To: post@vuurtoren.example
Subject: Uitnodiging: hoe werken onderwijs en jeugdhulp samen?

--4XyZ1a2b3c.1777879862/mx.school.example--
"""

EXCHANGE = """\
Received: from AM0PR01CA0001.eurprd01.prod.exchangelabs.example
 (2001:db8::1) by mail.rijnmeer.example; Mon, 4 May 2026 07:31:05 +0000
MIME-Version: 1.0
From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@gemeente.example>
To: {to}
Date: Mon, 4 May 2026 07:31:04 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_a3a5b7cc-invented_"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: nl-NL
Message-ID: <2f1c-invented@gemeente.example>
In-Reply-To: <3fa85f64-5717-4562-b3fc-2c963f66afa6@rijnmeer.example>
Subject: =?utf-8?B?T25iZXN0ZWxsYmFhcjogdml0bm9kaWdpbmc=?=

--_a3a5b7cc-invented_
Content-Type: multipart/alternative; boundary="_inner_"

--_inner_
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

VXcgYmVyaWNodCBrb24gbmlldCB3b3JkZW4gYmV6b3JnZC4=

--_inner_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PHA+VXcgYmVyaWNodCBrb24gbmlldCB3b3JkZW4gYmV6b3JnZC48L3A+

--_inner_--

--_a3a5b7cc-invented_
Content-Type: message/delivery-status

Reporting-MTA: dns;AM0PR01MB0001.eurprd01.prod.exchangelabs.example
Received-From-MTA: dns;mail.rijnmeer.example
Arrival-Date: Mon, 4 May 2026 07:31:03 +0000

Final-Recipient: rfc822;beleid@gemeente.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: beleid@gemeente.example

--_a3a5b7cc-invented_
Content-Type: message/rfc822

From: Monitor Rijnmeer <monitor@rijnmeer.example>
To: beleid@gemeente.example
Subject: Uitnodiging: hoe werken onderwijs en jeugdhulp samen?
MIME-Version: 1.0
Content-Type: text/plain

Wilt u een vragenlijst invullen?

--_a3a5b7cc-invented_--
"""

AUTOMATIC_ANSWER = """\
From: post@vuurtoren.example
To: {to}
Subject: Afwezig: Uitnodiging
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Ik ben met vakantie. Action: failed Status: 5.1.1
"""

SHAPES = {"postfix": POSTFIX, "exchange": EXCHANGE}


def write_report(shape: str, to: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """Return a report of this shape, sent to an address of ours."""
    text = SHAPES.get(shape, shape).format(to=to, action=action, status=status)
    return text.replace("\n", "\r\n").encode()
