"""A folder that was exported, put up on the Hugging Face Hub for others to load by its name.

Documentation: https://huggingface.co/docs/huggingface_hub/guides/upload
"""

import re
from pathlib import Path
from typing import Literal

from pipeline.errors import BadInput, ExternalError, command_line

Kind = Literal["model", "dataset"]
NAME = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
LOGIN = "log in with `hf auth login`, or set HF_TOKEN to a token that may write"


def check_name(name: str) -> None:
    """Raises BadInput for what cannot name a repository, or where the Hub's library is missing: to
    be called before the work that would be lost.
    """
    if not NAME.fullmatch(name):
        raise BadInput(f"--push {name} names no repository: write ORGANISATION/NAME or YOU/NAME")
    try:
        import huggingface_hub  # noqa: F401
    except ImportError:
        raise BadInput(
            "--push needs huggingface_hub, which is not installed: pip install huggingface_hub"
        ) from None


def push(folder: Path, name: str, kind: Kind) -> str:
    """Put a folder up as the repository of this name, made where there is none; its address.

    All files come in one commit, or none does. Raises ExternalError when the Hub refuses or cannot
    be reached; the folder stays.
    """
    import httpx2
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError, LocalTokenNotFoundError

    api = HfApi()
    what = ("--repo-type", "dataset") if kind == "dataset" else ()
    command = command_line("hf", "upload", name, folder, *what)
    again = f"{folder} stays as it is; try again with: {command}"
    try:
        address = api.create_repo(name, repo_type=kind, exist_ok=True)
        api.upload_folder(
            repo_id=name, folder_path=folder, repo_type=kind, commit_message="Upload from AskWiki"
        )
    except LocalTokenNotFoundError:
        raise ExternalError(f"the Hub wants to know who you are: {LOGIN}. {again}") from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 403):
            raise ExternalError(
                f"the Hub does not let you write to {name} (status {status}): {LOGIN}. {again}"
            ) from None
        raise ExternalError(f"the Hub answered with status {status}. {again}") from None
    except (httpx2.HTTPError, OSError) as error:
        raise ExternalError(
            f"the Hub cannot be reached ({type(error).__name__}). {again}"
        ) from None
    return str(address)
