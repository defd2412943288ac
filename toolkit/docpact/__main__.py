"""Run docpact as `python -m docpact`."""

from docpact.cli import main

if __name__ == "__main__":
    main()
