"""The real stripe-python, driven by lines of JSON on stdin and answering with lines of JSON on stdout. It replaces nothing in it.

    {"how": "module", "base": "http://127.0.0.1:4747/stripe", "key": "kbtest...", "retries": null, "do": "session"}

`how` is the front door and the HTTP client: "module" (stripe.api_base), "client" (StripeClient with base_addresses) or "async"
(the same, awaited), then "+requests", "+urllib" or "+httpx"; without one, the SDK's own choice. `retries` null is its default.
"""

import asyncio
import json
import sys

import stripe

DEFAULT_RETRIES = stripe.max_network_retries

HTTP_CLIENTS = {
    "requests": lambda: stripe.RequestsClient(),
    "urllib": lambda: stripe.UrllibClient(),
    "httpx": lambda: stripe.HTTPXClient(allow_sync_methods=True),
}

PAYS = {"currency": "usd", "payment_method": "pm_card_visa", "payment_method_types": ["card"]}


class Module:
    """`stripe.api_base` and the classes: what most programs do."""

    CLASSES = {
        "balance": stripe.Balance,
        "customers": stripe.Customer,
        "events": stripe.Event,
        "files": stripe.File,
        "payment_intents": stripe.PaymentIntent,
        "payment_methods": stripe.PaymentMethod,
        "prices": stripe.Price,
        "products": stripe.Product,
        "refunds": stripe.Refund,
        "subscriptions": stripe.Subscription,
        "webhook_endpoints": stripe.WebhookEndpoint,
    }

    def __init__(self, base, key, retries, http_client):
        stripe.api_key = key
        stripe.api_base = stripe.upload_api_base = base
        stripe.max_network_retries = DEFAULT_RETRIES if retries is None else retries
        stripe.default_http_client = http_client

    async def call(self, resource, method, *ids, options=None, **params):
        method = "modify" if method == "update" else method
        return getattr(self.CLASSES[resource], method)(*ids, **params, **(options or {}))


class Client:
    def __init__(self, base, key, retries, http_client):
        self.stripe = stripe.StripeClient(
            key,
            base_addresses={"api": base, "files": base, "connect": base, "meter_events": base},
            max_network_retries=retries,
            http_client=http_client,
        )

    async def call(self, resource, method, *ids, options=None, **params):
        service = getattr(self.stripe.v1, resource)
        return getattr(service, method)(*ids, params=params, options=options or {})


class Awaited(Client):
    async def call(self, resource, method, *ids, options=None, **params):
        service = getattr(self.stripe.v1, resource)
        return await getattr(service, f"{method}_async")(*ids, params=params, options=options or {})


DOORS = {"module": Module, "client": Client, "async": Awaited}


async def pages(door, found):
    if isinstance(door, Awaited):
        return [each async for each in found.auto_paging_iter()]
    return [each for each in found.auto_paging_iter()]


def said_by(error):
    body = error.error
    return {
        "error": type(error).__name__,
        "status": error.http_status,
        "code": body.code if body is not None else None,
        "message": error.user_message,
        "requestId": error.request_id,
    }


async def work_a_day(door):
    """What an agent does in a day, step by step; yields the name of every step with its answer."""

    steps = []

    def keep(step, answer):
        steps.append([step, answer])

    async def ask(step, resource, method, *ids, **params):
        answer = await door.call(resource, method, *ids, **params)
        response = answer.last_response
        keep(step, {"statusCode": response.code, "answer": answer.to_dict(for_json=True)})
        return answer

    async def fail(step, resource, method, *ids, **params):
        try:
            await ask(step, resource, method, *ids, **params)
        except stripe.StripeError as error:
            more = error.error.to_dict(for_json=True) if error.error is not None else None
            keep(step, {**said_by(error), "more": more})

    for name in ["Ada", "Bo & Co", "Zoë", "D=1", "名前", "F", "G"]:
        await ask(f"customer {name}", "customers", "create", name=name, email="same@example.com", metadata={"name": name})
    listed = await door.call("customers", "list", limit=3, email="same@example.com")
    customers = await pages(door, listed)
    keep("all customers, page by page", [each.to_dict(for_json=True) for each in customers])
    found = await door.call("customers", "search", query="email:'same@example.com' AND -name:'F'", limit=2)
    keep("search, page by page", [each.to_dict(for_json=True) for each in await pages(door, found)])
    last, other = customers[0].id, customers[1].id
    await ask("update", "customers", "update", last, description="a + b", metadata={"name": "", "more": "100%"})
    await ask("delete", "customers", "delete", other)
    await ask("retrieve what was deleted", "customers", "retrieve", other)

    method = await ask("a payment method", "payment_methods", "create", type="card", card={"token": "tok_visa"})
    await ask("attach", "payment_methods", "attach", method.id, customer=last)
    await ask("methods of a customer", "payment_methods", "list", customer=last, type="card")

    product = await ask("product", "products", "create", name="Hours", metadata={"unit": "h"})
    price = await ask("price", "prices", "create", product=product.id, currency="usd", unit_amount=1250)
    await ask("expand", "prices", "retrieve", price.id, expand=["product"])
    await ask("prices", "prices", "list", product=product.id, active=True)

    paid = await ask(
        "charge at once",
        "payment_intents",
        "create",
        **{**PAYS, "payment_method": method.id},
        amount=2500,
        customer=last,
        confirm=True,
        description="Invoice №1",
    )
    deep = ["latest_charge.balance_transaction", "customer"]
    await ask("expand twice", "payment_intents", "retrieve", paid.id, expand=deep)
    await ask("refund a part", "refunds", "create", payment_intent=paid.id, amount=700)
    await ask("refund the rest", "refunds", "create", charge=paid.latest_charge, reason="requested_by_customer")
    await ask("refunds", "refunds", "list", payment_intent=paid.id, limit=1)

    later = await ask("intent", "payment_intents", "create", amount=1900, currency="usd")
    await ask("raise", "payment_intents", "update", later.id, amount=2000, metadata={"raised": "yes"})
    await ask("confirm", "payment_intents", "confirm", later.id, payment_method="pm_card_mastercard")

    authorised = {"confirm": True, "capture_method": "manual"}
    raisable = {"card": {"request_incremental_authorization": "if_available"}}
    manual = await ask(
        "authorise", "payment_intents", "create", **PAYS, **authorised, amount=3000, payment_method_options=raisable
    )
    await ask("increment", "payment_intents", "increment_authorization", manual.id, amount=4500)
    await ask("capture a part", "payment_intents", "capture", manual.id, amount_to_capture=4000)
    dropped = await ask("authorise again", "payment_intents", "create", **PAYS, **authorised, amount=800)
    await ask("cancel", "payment_intents", "cancel", dropped.id, cancellation_reason="abandoned")

    once = {"idempotency_key": "invoice 42/once"}
    await ask("once", "payment_intents", "create", **PAYS, amount=1000, confirm=True, options=once)
    await ask("and again", "payment_intents", "create", **PAYS, amount=1000, confirm=True, options=once)
    await fail("the key of another call", "payment_intents", "create", **PAYS, amount=1001, confirm=True, options=once)

    account = {"stripe_account": "acct_1"}
    theirs = await ask("of an account", "payment_intents", "create", **PAYS, amount=1200, options=account)
    await ask("confirm theirs", "payment_intents", "confirm", theirs.id, options=account)

    await fail("404", "customers", "retrieve", "cus_none")
    declined = {**PAYS, "payment_method": "pm_card_chargeDeclined"}
    await fail("402", "payment_intents", "create", **declined, amount=600, confirm=True)
    await fail("400", "payment_intents", "create", **PAYS, amount=3)
    await fail("a state that does not allow it", "payment_intents", "capture", paid.id)

    await ask("balance", "balance", "retrieve")
    listed = await door.call("events", "list", limit=5, types=["payment_intent.*", "refund.created"])
    events = await pages(door, listed)
    keep("events, page by page", [each.to_dict(for_json=True) for each in events])
    await ask("one event", "events", "retrieve", events[0].id)
    await fail("delete a product in use", "products", "delete", product.id)
    return steps


ACTS = {
    "charge $10": lambda door, options: door.call(
        "payment_intents", "create", **PAYS, amount=1000, confirm=True, options=options
    ),
    "charge in a currency without a rate": lambda door, _: door.call(
        "payment_intents", "create", **{**PAYS, "currency": "kwd"}, amount=1000, confirm=True
    ),
    "charge and send a part on": lambda door, _: door.call(
        "payment_intents", "create", **PAYS, amount=1000, transfer_data={"destination": "acct_1"}
    ),
    "confirm a PaymentIntent that is not there": lambda door, _: door.call("payment_intents", "confirm", "pi_none"),
    "create a customer with a megabyte of metadata": lambda door, _: door.call(
        "customers", "create", metadata={"note": "x" * 1_100_000}
    ),
    "create a subscription": lambda door, _: door.call(
        "subscriptions", "create", customer="cus_1", items=[{"price": "price_1"}]
    ),
    "create a webhook endpoint": lambda door, _: door.call(
        "webhook_endpoints", "create", url="https://example.com/hook", enabled_events=["charge.failed"]
    ),
    "read the balance": lambda door, _: door.call("balance", "retrieve"),
    "retrieve a customer whose id has a slash": lambda door, _: door.call("customers", "retrieve", "cus_1/sources"),
}


async def obey(order):
    door_name, _, http_client = order["how"].partition("+")
    client = HTTP_CLIENTS[http_client]() if http_client else None
    door = DOORS[door_name](order["base"], order["key"], order["retries"], client)
    if order["do"] == "session":
        return {"steps": await work_a_day(door)}
    key = order.get("idempotencyKey")
    try:
        await ACTS[order["do"]](door, None if key is None else {"idempotency_key": key})
    except stripe.StripeError as error:
        return {"said": said_by(error)}
    return {"said": None}


def main():
    for line in sys.stdin:
        sys.stdout.write(json.dumps(asyncio.run(obey(json.loads(line)))) + "\n")
        sys.stdout.flush()


main()
