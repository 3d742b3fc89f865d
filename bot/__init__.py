"""The studio as people meet it: chats, the path of a request, the command line."""
