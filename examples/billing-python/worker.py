"""Runs the workflow and its activities until SIGINT or SIGTERM."""

import asyncio
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker

from activities import charge_invoice, check_customer, issue_vault_key, revoke_vault_key
from shared import TASK_QUEUE
from workflows import BillingWorkflow


async def main() -> None:
    if not os.environ.get("KEYBRAKE_API_KEY"):
        sys.exit("KEYBRAKE_API_KEY is not set: an API key with the scope `issue` is needed (see README.md).")
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS", "localhost:7233"),
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
    )
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    with ThreadPoolExecutor(max_workers=10) as threads:
        async with Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[BillingWorkflow],
            activities=[issue_vault_key, check_customer, charge_invoice, revoke_vault_key],
            activity_executor=threads,
        ):
            print(f"Worker polls {TASK_QUEUE}", flush=True)
            await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
