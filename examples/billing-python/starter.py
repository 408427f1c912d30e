"""Starts one billing run and prints its report as JSON."""

import argparse
import asyncio
import dataclasses
import json
import os
import sys
import uuid
from pathlib import Path

from temporalio.client import Client, WorkflowFailureError

from shared import TASK_QUEUE, BillingParams, Invoice
from workflows import BillingWorkflow


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--budget", default="500", help="dollars this run may charge (default 500)")
    options.add_argument("--invoices", type=Path, default=Path(__file__).with_name("invoices.json"))
    options.add_argument("--repeat", type=int, default=1, help="charge the list this many times: the bug to be stopped")
    options.add_argument("--customer", default=None)
    options.add_argument("--seconds-between", type=float, default=0)
    options.add_argument("--workflow-id", default=f"billing-{uuid.uuid4()}")
    args = options.parse_args()

    invoices = [Invoice(**invoice) for invoice in json.loads(args.invoices.read_text())]
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"),
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
    )
    handle = await client.start_workflow(
        BillingWorkflow.run,
        BillingParams(
            budget_usd=args.budget,
            invoices=invoices * args.repeat,
            customer_id=args.customer,
            seconds_between_charges=args.seconds_between,
        ),
        id=args.workflow_id,
        task_queue=TASK_QUEUE,
    )
    print(f"Started {handle.id} (run {handle.result_run_id})", file=sys.stderr, flush=True)
    try:
        report = await handle.result()
    except WorkflowFailureError as error:
        print(f"{handle.id} did not finish: {innermost(error)}", file=sys.stderr)
        return 1
    print(json.dumps(dataclasses.asdict(report), indent=2))
    return 0


def innermost(error: BaseException) -> BaseException:
    """The failure of a workflow wraps that of an activity, which wraps what went wrong."""
    cause = getattr(error, "cause", None)
    return error if cause is None else innermost(cause)


if __name__ == "__main__":
    exit_code = asyncio.run(main())
    sys.stdout.flush()
    sys.stderr.flush()
    # A short-lived client now and then aborts while the interpreter shuts down (temporalio/sdk-python#300), which would
    # report a run that went well as a failure. All has been said: leave without the shutdown.
    os._exit(exit_code)
