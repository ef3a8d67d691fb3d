"""The bundled demonstration district: a fictitious portal with planted faults, served on loopback.

Nothing in it exists: places, bodies, people, numbers and hosts are invented, and every host is resolved to
127.0.0.1. Content is a pure function of the code in this package, dated relative to `model.AS_OF`.
"""
