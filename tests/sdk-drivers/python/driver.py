"""stripe-python, twilio-python and resend-python as they are, driven by lines of JSON on stdin and answering with lines of JSON on
stdout (tests/support/drivers.ts has the protocol). It replaces nothing in them: what they send and raise is theirs.
"""

import hashlib
import io
import json
import sys
import time

import resend
import stripe
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

# Answers go here and nowhere else; whatever an SDK prints is not one.
ANSWERS = sys.stdout
sys.stdout = sys.stderr


class NotAnOrder(Exception):
    """An order that this driver cannot read: the test's mistake, not an SDK's error."""


# --------------------------------------------------------------------------------------------------------------------- Stripe


def stripe_of(order):
    base = order["base_url"]
    timeout = order.get("timeout_ms")
    return stripe.StripeClient(
        order["key"],
        base_addresses={"api": base, "files": base, "connect": base, "meter_events": base},
        max_network_retries=order.get("retries"),
        http_client=None if timeout is None else stripe.RequestsClient(timeout=timeout / 1000),
    )


def pay(order):
    intent = stripe_of(order).v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "confirm": True,
        }
    )
    return {"id": intent.id, "status": intent.status}


def read_intent(order):
    intent = stripe_of(order).v1.payment_intents.retrieve(order.get("target", "pi_missing"))
    return {"id": intent.id, "status": intent.status}


def list_customers(order):
    return {"ids": [each.id for each in stripe_of(order).v1.customers.list({"limit": 2}).auto_paging_iter()]}


def delete_customer(order):
    gone = stripe_of(order).v1.customers.delete(order.get("target", "cus_missing"))
    return {"id": gone.id, "deleted": gone.deleted}


def file_of_300_kb():
    """300,000 bytes, the same in every language: byte i is i modulo 251."""
    file = io.BytesIO(bytes(index % 251 for index in range(300_000)))
    file.name = "evidence.txt"
    return file


def upload(order):
    file = stripe_of(order).v1.files.create({"purpose": "dispute_evidence", "file": file_of_300_kb()})
    return {"id": file.id, "size": file.size}


def download(order):
    content = stripe_of(order).v1.quotes.pdf(order.get("target", "qt_missing")).io.read()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def list_destinations(order):
    pages = stripe_of(order).v2.core.event_destinations.list({"limit": 2})
    return {"ids": [each.id for each in pages.auto_paging_iter()]}


def meter(order):
    event = stripe_of(order).v2.billing.meter_events.create(
        {
            "event_name": "calls",
            "identifier": "keybrake-1",
            "payload": {"stripe_customer_id": "cus_1", "value": "3"},
        }
    )
    return {"identifier": event.identifier}


STRIPE = {
    "create": pay,
    "refused": pay,
    "revoked": pay,
    "timeout": pay,
    "not_found": read_intent,
    "server_error": read_intent,
    "list": list_customers,
    "delete": delete_customer,
    "upload": upload,
    "download": download,
    "v2": list_destinations,
    "v2_write": meter,
}

# --------------------------------------------------------------------------------------------------------------------- Twilio


def twilio_of(order):
    timeout = order.get("timeout_ms")
    client = Client(
        order["account_sid"],
        order["key"],
        http_client=None if timeout is None else TwilioHttpClient(timeout=timeout / 1000),
    )
    client.api.base_url = order["base_url"]
    client.verify.base_url = order["base_url"] + "/verify"
    client.lookups.base_url = order["base_url"] + "/lookups"
    return client


def send_message(order):
    message = twilio_of(order).messages.create(
        to="+14155550100", from_="+15005550006", body="Your table is ready."
    )
    return {"id": message.sid, "status": message.status}


def read_message(order):
    message = twilio_of(order).messages(order.get("target", "SM" + "0" * 32)).fetch()
    return {"id": message.sid, "status": message.status}


def list_messages(order):
    client = twilio_of(order)
    messages = client.messages.list(page_size=2)
    services = client.verify.v2.services.list(page_size=2)
    return {"ids": [each.sid for each in messages], "services": [each.sid for each in services]}


def delete_message(order):
    target = order.get("target", "SM" + "0" * 32)
    return {"id": target, "deleted": twilio_of(order).messages(target).delete()}


def lookup(order):
    found = twilio_of(order).lookups.v2.phone_numbers("+14155550100").fetch(fields="line_type_intelligence")
    return {"phone_number": found.phone_number, "valid": found.valid}


def verify(order):
    service = twilio_of(order).verify.v2.services(order.get("target", "VA" + "0" * 32))
    sent = service.verifications.create(to="+14155550100", channel="sms")
    return {"id": sent.sid, "status": sent.status}


TWILIO = {
    "create": send_message,
    "refused": send_message,
    "revoked": send_message,
    "timeout": send_message,
    "not_found": read_message,
    "server_error": read_message,
    "list": list_messages,
    "delete": delete_message,
    "lookup": lookup,
    "verify": verify,
}

# --------------------------------------------------------------------------------------------------------------------- Resend

# Well-formed, and nobody's.
NO_MAIL = "00000000-0000-4000-8000-000000000000"
RESEND_PATIENCE_SECONDS = 30


def set_resend_up(order):
    resend.api_key = order["key"]
    resend.api_url = order["base_url"]
    timeout = order.get("timeout_ms")
    seconds = RESEND_PATIENCE_SECONDS if timeout is None else timeout / 1000
    resend.default_http_client = resend.RequestsClient(timeout=seconds)


def mail(to):
    return {
        "from": "Keybrake <hello@example.com>",
        "to": [to],
        "subject": "Your table",
        "text": "Your table is ready.",
    }


def send_mail(order):
    set_resend_up(order)
    return {"id": resend.Emails.send(mail("ada@example.org"))["id"]}


def read_mail(order):
    set_resend_up(order)
    return {"id": resend.Emails.get(order.get("target", NO_MAIL))["id"]}


def list_mails(order):
    set_resend_up(order)
    ids = []
    while True:
        page = resend.Emails.list({"limit": 2, **({"after": ids[-1]} if ids else {})})
        ids += [each["id"] for each in page["data"]]
        if not page["has_more"]:
            return {"ids": ids}


def delete_domain(order):
    set_resend_up(order)
    gone = resend.Domains.remove(order.get("target", NO_MAIL))
    return {"id": gone["id"], "deleted": gone["deleted"]}


def send_batch(order):
    set_resend_up(order)
    sent = resend.Batch.send([mail(f"{name}@example.org") for name in ("ada", "bob", "eve")])
    return {"ids": [each["id"] for each in sent["data"]]}


RESEND = {
    "create": send_mail,
    "refused": send_mail,
    "revoked": send_mail,
    "timeout": send_mail,
    "not_found": read_mail,
    "server_error": read_mail,
    "list": list_mails,
    "delete": delete_domain,
    "batch": send_batch,
}

# --------------------------------------------------------------------------------------------------------------- the protocol

VENDORS = {"stripe": STRIPE, "twilio": TWILIO, "resend": RESEND}


def said_by(error):
    """What a program can read of an error, by the SDK's own names."""
    said = {"class": type(error).__name__, "code": None, "status": None, "message": str(error)}
    if isinstance(error, stripe.StripeError):
        # `error.code` is None for most statuses; the vendor's code is in the object.
        body = error.error
        said["code"] = None if body is None else body.code
        said["status"] = error.http_status
        said["message"] = error.user_message or str(error)
        said["details"] = None if body is None else body.to_dict(for_json=True)
    elif isinstance(error, TwilioRestException):
        said.update(code=error.code, status=error.status, message=error.msg, details=error.details)
    elif isinstance(error, TwilioException) and len(error.args) == 2:
        # Lists raise the bare class, with the whole response as the second argument.
        response = error.args[1]
        said.update(status=getattr(response, "status_code", None), details=getattr(response, "text", None))
    elif isinstance(error, resend.exceptions.ResendError):
        said.update(code=error.error_type, status=error.code, message=error.message)
    return said


def obey(order):
    act = VENDORS.get(order["vendor"], {}).get(order["scenario"])
    if act is None:
        raise NotAnOrder(f"no {order['vendor']} {order['scenario']}")
    started = time.monotonic()
    try:
        result = {"id": order["id"], "ok": True, "value": act(order)}
    except Exception as error:
        result = {"id": order["id"], "ok": False, "error": said_by(error)}
    result["ms"] = round((time.monotonic() - started) * 1000)
    return result


def main():
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = obey(order)
        except NotAnOrder as problem:
            answer = {"id": order["id"], "fault": str(problem)}
        ANSWERS.write(json.dumps(answer) + "\n")
        ANSWERS.flush()


main()
