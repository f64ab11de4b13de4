"""CodeDeploy's hook before traffic: event in, verdict to CodeDeploy."""

import logging
import os
from typing import Any, Final

import botocore.session

from chef_rollout.guarantee import ORDER, broken_promises
from chef_rollout.new_version import NewVersion, Unanswered

VERSION_VARIABLE: Final = "CHEF_NEW_VERSION"
# How long the gateway waits for an answer (`timeoutInMillis` in template.yaml).
SECONDS_VARIABLE: Final = "CHEF_ANSWER_SECONDS"

logger = logging.getLogger(__name__)
logger.setLevel(logging.INFO)


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, str]:
    """Ask the new version, tell CodeDeploy whether it may have traffic, and return the same."""
    arn = os.environ[VERSION_VARIABLE]
    reasons = faults(NewVersion(arn, float(os.environ[SECONDS_VARIABLE])))
    for reason in reasons:
        logger.error("%s gets no traffic: %s", arn, reason)
    if not reasons:
        logger.info("%s may have traffic", arn)
    status = "Failed" if reasons else "Succeeded"
    # At AWS_ENDPOINT_URL_CODEDEPLOY, if that is set.
    codedeploy: Any = botocore.session.get_session().create_client("codedeploy")
    codedeploy.put_lifecycle_event_hook_execution_status(
        deploymentId=event["DeploymentId"],
        lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
        status=status,
    )
    return {"status": status}


def faults(version: NewVersion) -> list[str]:
    """Return why `version` must not have traffic; nothing if it may."""
    try:
        # First alone, so that an init or a restore is not counted against the menu.
        version.answer("GET", "/health")
        return list(broken_promises(version.answer("POST", "/v1/menus", dict(ORDER))))
    except Unanswered as error:
        return [str(error)]
    except Exception:  # CodeDeploy would wait an hour for a hook that dies
        logger.exception("the answer cannot be read")
        return ["its answer has a form that is not the API's"]
