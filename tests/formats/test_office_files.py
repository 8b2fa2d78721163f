"""Word and OpenDocument texts, built here member by member."""

from __future__ import annotations

import hashlib

import pytest

from tests.formats.plain_files import read, story_of, zipped
from undying.formats import Unreadable, docx, odt

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/></Types>"""
RELS = f"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>"""
DOCUMENT_RELS = f"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r2" Type="{R}/footnotes" Target="footnotes.xml"/>
<Relationship Id="r3" Type="{R}/styles" Target="styles.xml"/>
<Relationship Id="r4" Type="{R}/image" Target="media/a.png"/></Relationships>"""
STYLES = f"""<?xml version="1.0"?><w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="Heading1">
<w:name w:val="heading 1"/></w:style></w:styles>"""
FOOTNOTES = f"""<?xml version="1.0"?><w:footnotes xmlns:w="{W}"><w:footnote w:id="2"><w:p><w:r><w:t>A </w:t></w:r>
<w:r><w:rPr><w:i/></w:rPr><w:t>note</w:t></w:r></w:p></w:footnote></w:footnotes>"""
CORE = """<?xml version="1.0"?><cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"><dc:title>The Lamp</dc:title>
<dc:creator>Ada Legal</dc:creator></cp:coreProperties>"""
PICTURE = """<w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">
<wp:docPr id="1" name="a" descr="A lamp"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill>
<a:blip r:embed="r4"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"""


def run(text, *properties):
    looks = "".join(
        f"<w:{name}/>" if "=" not in name else f"<w:{name.replace('=', ' w:val=')}/>" for name in properties
    )
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs, style="", alignment=""):
    looks = f'<w:pStyle w:val="{style}"/>' if style else ""
    looks += f'<w:jc w:val="{alignment}"/>' if alignment else ""
    return f"<w:p><w:pPr>{looks}</w:pPr>{''.join(runs)}</w:p>"


def word(*paragraphs, core=CORE, **more):
    body = f"<w:body>{''.join(paragraphs)}</w:body>"
    body = f'<?xml version="1.0"?><w:document xmlns:w="{W}" xmlns:r="{R}">{body}</w:document>'
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELS,
            "word/document.xml": body,
            "word/_rels/document.xml.rels": DOCUMENT_RELS,
            "word/styles.xml": STYLES,
            "word/footnotes.xml": FOOTNOTES,
            "word/media/a.png": PNG,
            "docProps/core.xml": core,
            **more,
        }
    )


def test_word_keeps_what_the_author_formatted(tmp_path):
    manuscript = story_of(
        docx.READER,
        tmp_path,
        "lamp.docx",
        word(
            paragraph(run("Mina "), run("waited", "i"), run(" and "), run("hoped", 'u="single"'), run("so", "strike")),
            paragraph(run("centred", "b"), alignment="center"),
        ),
    )
    assert manuscript.chapters[0].body == (
        '<p>Mina <em>waited</em> and <u>hoped</u><s>so</s></p>\n<p class="align-center"><strong>centred</strong></p>'
    )


def test_word_headings_are_chapters_and_footnotes_stay_with_theirs(tmp_path):
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    one, two = story_of(
        docx.READER,
        tmp_path,
        "lamp.docx",
        word(
            paragraph(run("The Harbour"), style="Heading1"),
            paragraph(run("Rain."), mark),
            paragraph(run("The Pier"), style="Heading1"),
            paragraph(run("Sun.")),
        ),
    ).chapters
    assert (one.title, two.title) == ("The Harbour", "The Pier")
    assert "A <em>note</em>" in one.body
    assert "note" not in two.body


def test_word_properties_name_title_and_author_with_a_warning(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(word(paragraph(run("Rain."))))
    story, remarks = read(docx.READER, path)
    assert (story.manuscript.title, story.manuscript.credits[0].name) == ("The Lamp", "Ada Legal")
    assert "legal name" in remarks[0].text


def test_a_byline_hides_the_name_in_the_properties(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(word(paragraph(run("Author: Lady Whitby")), paragraph(run("Rain."))))
    story, remarks = read(docx.READER, path)
    assert [credit.name for credit in story.manuscript.credits] == ["Lady Whitby"]
    assert "Legal" not in str(story) + str(remarks)


def test_a_picture_in_word_travels_with_the_story(tmp_path):
    manuscript = story_of(docx.READER, tmp_path, "x.docx", word(paragraph(run("Look: ")), paragraph(PICTURE)))
    (picture,) = manuscript.pictures
    assert (picture.data, picture.media_type) == (PNG, "image/png")
    assert f'src="picture:{hashlib.sha256(PNG).hexdigest()}"' in manuscript.chapters[0].body


@pytest.mark.parametrize("reader", [docx.READER, odt.READER], ids=lambda reader: reader.name)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PNG, "PNG picture"),
        (b"no zip at all", "something else"),
        (b"", "empty"),
        (b"PK\x03\x04 cut off", "damaged"),
        (zipped({"hello.txt": "hi"}), "holds no"),
    ],
    ids=["picture", "text", "empty", "damaged", "other zip"],
)
def test_what_is_no_document_is_refused_in_one_sentence(tmp_path, reader, data, said):
    with pytest.raises(Unreadable, match=said) as refusal:
        story_of(reader, tmp_path, "x.docx" if reader is docx.READER else "x.odt", data)
    assert str(refusal.value).startswith("x.")
    assert "\n" not in str(refusal.value)


def test_entities_in_word_are_refused_before_any_other_parser_sees_them(tmp_path):
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">]><a>&a;</a>'
    with pytest.raises(Unreadable, match="entities"):
        story_of(docx.READER, tmp_path, "x.docx", word(paragraph(run("Rain.")), **{"word/settings.xml": bomb}))


def test_word_without_its_parts_is_damaged_not_a_traceback(tmp_path):
    with pytest.raises(Unreadable, match=r"damaged|no words|holds no"):
        story_of(docx.READER, tmp_path, "x.docx", zipped({"[Content_Types].xml": TYPES, "_rels/.rels": RELS}))


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"'
    for name, path in (
        *(("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("draw", "drawing")),
        *(("fo", "xsl-fo-compatible"), ("meta", "meta")),
    )
)
ODT_STYLES = """
<style:style style:name="I" style:family="text"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="N" style:family="text"><style:text-properties fo:font-style="normal"/></style:style>
<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="U" style:family="text">
<style:text-properties style:text-underline-style="solid"/></style:style>
<style:style style:name="Thought" style:family="paragraph"><style:text-properties fo:font-style="italic"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Thought">
<style:paragraph-properties fo:text-align="center"/></style:style>
<style:style style:name="Loop" style:family="paragraph" style:parent-style-name="Loop"/>"""


def open_document(body, **more):
    content = (
        f'<?xml version="1.0"?><office:document-content {NAMESPACES} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{ODT_STYLES}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **more})


def test_open_document_styles_are_followed_to_their_parents(tmp_path):
    manuscript = story_of(
        odt.READER,
        tmp_path,
        "lamp.odt",
        open_document(
            '<text:p>Mina <text:span text:style-name="I">wai<text:span text:style-name="B">ted</text:span></text:span>.'
            '<text:s text:c="2"/><text:span text:style-name="U">Long</text:span><text:line-break/>hours.</text:p>'
            '<text:p text:style-name="P1">All slanted, <text:span text:style-name="N">but this</text:span>.</text:p>'
            '<text:p text:style-name="Loop">Round.</text:p>'
        ),
    )
    assert manuscript.chapters[0].body == (
        "<p>Mina <em>wai<strong>ted</strong></em>. <u>Long</u><br>hours.</p>\n"
        '<p class="align-center"><em>All slanted, </em>but this<em>.</em></p>\n'
        "<p>Round.</p>"
    )


def test_open_document_has_chapters_footnotes_lists_and_pictures(tmp_path):
    manuscript = story_of(
        odt.READER,
        tmp_path,
        "lamp.odt",
        open_document(
            '<text:h text:outline-level="1">One</text:h><text:p>Rain.'
            "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Wet.</text:p></text:note-body></text:note></text:p>"
            '<text:h text:outline-level="1">Two</text:h><text:list><text:list-item><text:p>a</text:p></text:list-item>'
            '</text:list><text:p><draw:frame><draw:image xlink:href="Pictures/a.png"/></draw:frame></text:p>'
            "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>",
            **{"Pictures/a.png": PNG},
        ),
    )
    one, two = manuscript.chapters
    assert (one.title, two.title) == ("One", "Two")
    assert "<sup>1</sup> Wet." in one.body
    assert "<li>" in two.body
    assert "gone" not in two.body
    assert manuscript.pictures[0].data == PNG


def test_open_document_states_its_title_and_creator(tmp_path):
    meta = (
        f'<office:document-meta {NAMESPACES} xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
        "<dc:title>The Lamp</dc:title><meta:initial-creator>Ada Legal</meta:initial-creator></office:meta>"
        "</office:document-meta>"
    )
    path = tmp_path / "x.odt"
    path.write_bytes(open_document("<text:p>Rain.</text:p>", **{"meta.xml": meta}))
    story, remarks = read(odt.READER, path)
    assert (story.manuscript.title, story.manuscript.credits[0].name) == ("The Lamp", "Ada Legal")
    assert len(remarks) == 1
