"""Images, scripts and attachments of the replica, drawn in memory: charts, QR codes, badges, PDF and CSV files."""

from __future__ import annotations

from importlib.resources import files
from io import BytesIO

import segno
from PIL import Image, ImageDraw

from audit.demo.grammar import dice
from audit.demo.layout import PHONE_AREA
from audit.demo.model import WWW, Replica, Response

_CREATEPAGE = """function createPageHTML(total, current, name, ext) {
  var out = "";
  for (var i = 0; i < total; i++) {
    var href = i === 0 ? name + "." + ext : name + "_" + i + "." + ext;
    out += i === current ? "<span>" + (i + 1) + "</span>" : '<a href="' + href + '">' + (i + 1) + "</a>";
  }
  document.write(out);
}
"""
_JPAGE = """function $(name) {
  var box = document.querySelector("[id='" + name.slice(1) + "']");
  function draw(records) {
    box.innerHTML = "<ul>" + records.map(function (r) { return r.slice(17, -12); }).join("") + "</ul>";
  }
  return {jpage: function (o) {
    var xml = box.querySelector("script").textContent;
    draw(xml.match(/<record><!\\[CDATA\\[[\\s\\S]*?\\]\\]><\\/record>/g) || []);
  }};
}
"""
_GKMLPT = """(function () {
  function row(a) {
    return '<li><a href="' + a.url + '" title="' + a.title + '">' + a.title + "</a><span>" + a.display_publish_time
      + "</span></li>";
  }
  var c = window._CONFIG;
  fetch(c.API + "?page=1&sid=" + c.SID).then(function (r) { return r.json(); }).then(function (d) {
    document.getElementById("gkml-list").innerHTML = d.articles.map(row).join("");
  });
})();
"""


def add_assets(replica: Replica, charts: list[int], phone_charts: set[int]) -> None:
    """Register style sheet, scripts, badges and one chart per interpretation.

    `phone_charts` are charts that carry a telephone number as pixels only.
    """
    css = files("audit.demo").joinpath("templates/site.css").read_bytes()
    replica.add(WWW, "/assets/site.css", lambda: Response(css, "text/css; charset=utf-8"))
    replica.add(WWW, "/assets/createpage.js", lambda: _script(_CREATEPAGE))
    replica.add(WWW, "/gkmlpt/static/js/app.js", lambda: _script(_GKMLPT))
    for name, size, colour in (("dzjg", (60, 60), "#b5121b"), ("jiucuo", (120, 60), "#0b4f9c")):
        replica.add(WWW, f"/assets/{name}.png", lambda size=size, colour=colour: png(_plate(size, colour)))  # type: ignore[misc]
    for number in charts:
        text = f"{PHONE_AREA}-5550117" if number in phone_charts else ""
        replica.add(WWW, f"/assets/charts/{number}.png", lambda n=number, t=text: png(_chart(n, t)))  # type: ignore[misc]


def jpage_script() -> Response:
    return _script(_JPAGE)


def _script(text: str) -> Response:
    return Response(text.encode(), "text/javascript; charset=utf-8")


def png(image: Image.Image) -> Response:
    out = BytesIO()
    image.save(out, "PNG")
    return Response(out.getvalue(), "image/png")


def qr(text: str) -> Response:
    """A QR code as PNG, about 300 pixels wide."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return Response(out.getvalue(), "image/png")


def photo(seed: str) -> Response:
    """A plain silhouette that stands for a portrait."""
    image = Image.new("RGB", (180, 240), "#dfe6ee")
    draw = ImageDraw.Draw(image)
    shade = f"#{dice(seed).randint(0x30, 0x70):02x}5a7a"
    draw.ellipse((55, 45, 125, 120), fill=shade)
    draw.rectangle((35, 140, 145, 240), fill=shade)
    return png(image)


def _plate(size: tuple[int, int], colour: str) -> Image.Image:
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).rectangle((4, 4, size[0] - 5, size[1] - 5), outline="white", width=2)
    return image


def _chart(number: int, text: str) -> Image.Image:
    image = Image.new("RGB", (720, 480), "#eef3f9")
    draw = ImageDraw.Draw(image)
    rng = dice(number, "chart")
    for n in range(8):
        height = rng.randint(80, 340)
        draw.rectangle((50 + n * 80, 420 - height, 100 + n * 80, 420), fill=("#0b4f9c", "#b5121b")[n % 2])
    draw.line((40, 420, 700, 420), fill="#222", width=3)
    if text:
        draw.text((260, 440), text, fill="#222", font_size=24)
    return image


def pdf(title: str) -> Response:
    """A one-page PDF with an ASCII title."""
    stream = f"BT /F1 18 Tf 72 720 Td ({title}) Tj ET".encode("ascii", "replace")
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, start)
    return Response(bytes(out), "application/pdf")
