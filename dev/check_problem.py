"""What every check of `dev/check` returns, and how it is printed."""

import subprocess
from pathlib import Path
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing that is wrong, with the place to mend it."""

    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def relative(path, root):
    """Name a file as seen from the root of the addon."""
    return Path(path).relative_to(root).as_posix()


def source_files(root):
    """Every file that is in git or would be after `git add --all`."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    return sorted(path for name in names if name and (path := root / name).is_file())


def report(problems):
    """Print each problem; the exit status is 0 when there is none."""
    for problem in sorted(problems):
        print(problem)
    return int(bool(problems))
