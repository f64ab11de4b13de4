#!/bin/sh
# The streaming function's handler: the AWS Lambda Web Adapter's wrapper starts it in the place of
# Lambda's runtime client, and turns invocations into requests to this port.
export PYTHONPATH="$LAMBDA_TASK_ROOT"
exec python3 -m uvicorn chef_llm.asgi:application \
  --host 127.0.0.1 --port "$AWS_LWA_PORT" --log-level warning
