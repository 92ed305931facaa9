"""`python -m handover`: the same command line."""

from handover.cli import main

if __name__ == "__main__":
    main()
