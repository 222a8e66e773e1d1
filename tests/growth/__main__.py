"""python -m tests.growth [NAME]: measure every public function (whose name holds NAME) at 20 kB,
200 kB and 2 MB; status 1 where one grows faster than its input.
"""

import sys

from tests.growth.functions import public_functions
from tests.growth.measure import SIZES, failures_of


def main() -> int:
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    failed = 0
    for name, function in sorted(public_functions().items()):
        if wanted in name:
            failures = failures_of(function, SIZES)
            failed += bool(failures)
            for failure in failures:
                print(f"{name}: {failure}", flush=True)
    print(f"{failed} functions grow faster than their input")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
