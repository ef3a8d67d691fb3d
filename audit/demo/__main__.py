"""`python -m audit.demo`: serve the demonstration district until Ctrl-C."""

from __future__ import annotations

from threading import Event

from audit.demo.build import replica
from audit.demo.server import serving


def main() -> None:
    with serving() as address:
        print(f"演示区已在 http://{address}/ 提供服务，按 Ctrl-C 结束。")
        print("各站点按主机名区分，请在 [resolve] 中指向该地址：")
        for host in sorted(replica().hosts):
            print(f"  {host}")
        try:
            Event().wait()
        except KeyboardInterrupt:
            print("\n已停止。")


if __name__ == "__main__":
    main()
