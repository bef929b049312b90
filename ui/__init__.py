"""Where people meet it: command, chat page, settings. Imports everything below, and nothing imports it."""
