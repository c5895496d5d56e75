"""``python -m argmine``: the command line."""

from argmine.cli import main

if __name__ == "__main__":
    main()
