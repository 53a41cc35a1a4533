"""The `restanque` command."""

from restanque.cli.main import main

if __name__ == "__main__":
    main()
