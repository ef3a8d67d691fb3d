"""The interview (约谈) pack of one unit. Made only when an office asks for it, never by a round itself."""
