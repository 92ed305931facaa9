"""`make bench`: every benchmark, one after the other, so that nothing disturbs the one that is measured."""

import subprocess
import sys
from pathlib import Path

ORDER = ("startup", "report", "inventory", "encryption", "templates", "intake", "whole", "packing")


def main() -> int:
    """Run them all; gives 1 when one of them failed."""
    failed = 0
    for name in ORDER:
        print(f"\n== {name} ==", flush=True)
        failed |= subprocess.run([sys.executable, str(Path(__file__).with_name(f"{name}.py"))], check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
