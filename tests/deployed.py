"""A deployed stack as its user finds it: by its outputs, and its key in Secrets Manager."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Deployment:
    """Where an API is, and the key that it wants; None if it wants none."""

    url: str
    key: str | None = None

    @property
    def authorization(self) -> dict[str, str]:
        """The header that a request needs."""
        return {"authorization": f"Bearer {self.key}"} if self.key else {}


def find_deployment(stack: str, cloudformation: Any, secrets_manager: Any) -> Deployment:
    """Return the deployment of a stack, from its outputs `ApiUrl` and `ApiKeySecret`."""
    [description] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in description["Outputs"]}
    if "ApiUrl" not in outputs:
        raise KeyError(f"stack {stack} has no output ApiUrl, only {sorted(outputs)}")
    url = outputs["ApiUrl"].rstrip("/")
    if "ApiKeySecret" not in outputs:
        return Deployment(url)
    secret = secrets_manager.get_secret_value(SecretId=outputs["ApiKeySecret"])
    return Deployment(url, secret["SecretString"])
