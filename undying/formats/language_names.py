"""Names of languages, as fan archives show them, and their BCP 47 tags.

The Archive of Our Own names a language in itself ("Deutsch"), others name it in English; both are looked up here.
"""

from __future__ import annotations

import re
import unicodedata

_TABLE = """
af Afrikaans|ain Ainu;Aynu itak|sq Albanian;Shqip|am Amharic;አማርኛ|ang Old English;Eald Englisċ|ar Arabic;العربية
hy Armenian;Հայերեն;Hայերեն|ast Asturian;asturianu|az Azerbaijani;Azərbaycan dili|eu Basque;Euskara
be Belarusian;беларуская;беларуская мова|bn Bengali;বাংলা|bs Bosnian;Bosanski|br Breton;Brezhoneg
bg Bulgarian;Български|my Burmese;မြန်မာဘာသာ|ca Catalan;Català|ceb Cebuano;Sinugboanon;Binisaya|chn Chinuk Wawa
zh Chinese;中文-普通话 國語;中文-普通话;中文;中文 (简体);中文 (繁體);Mandarin
yue Cantonese;中文-广东话 粵語;中文-广东话;粵語;廣東話
hak Hakka;中文-客家话|nan Min Nan;Hokkien;中文-闽南话 臺語;中文-闽南话|wuu Wu;中文-吴语 吳語;中文-吴语
lzh Classical Chinese;文言文;中文-文言文|cop Coptic;ϯⲙⲉⲧⲣⲉⲙⲛ̀ⲭⲏⲙⲓ|kw Cornish;Kernewek|hr Croatian;Hrvatski
cs Czech;Čeština|da Danish;Dansk|nl Dutch;Nederlands|en English|enm Middle English|eo Esperanto
et Estonian;eesti keel;Eesti
fo Faroese;Føroyskt|fil Filipino;Tagalog|fi Finnish;Suomi|fr French;Français|fur Friulian;Furlan|fy Frisian;Frysk
gl Galician;Galego|ka Georgian;ქართული|de German;Deutsch|got Gothic;𐌲𐌿𐍄𐌹𐍃𐌺𐌰|el Greek;Ελληνικά|grc Ancient Greek;Ἑλληνική
gu Gujarati;ગુજરાતી|ht Haitian Creole;Kreyòl ayisyen|ha Hausa|haw Hawaiian;ʻŌlelo Hawaiʻi|he Hebrew;עִבְרִית;עברית
hi Hindi;हिन्दी;हिंदी|hu Hungarian;Magyar|is Icelandic;Íslenska|ig Igbo|id Indonesian;Bahasa Indonesia|ia Interlingua
ga Irish;Gaeilge|it Italian;Italiano|ja Japanese;日本語|jv Javanese;Basa Jawa;ꦧꦱꦗꦮ|kn Kannada;ಕನ್ನಡ|kk Kazakh;қазақша
km Khmer;ខ្មែរ;ភាសាខ្មែរ|tlh Klingon;tlhIngan-Hol;tlhIngan Hol|ko Korean;한국어|ku Kurdish;Kurdî;Kurmancî
ckb Sorani;کوردی|ky Kyrgyz;Кыргызча|lo Lao;ລາວ|la Latin;Lingua latina;Latina|lv Latvian;Latviešu valoda;latviešu
lt Lithuanian;Lietuvių kalba;Lietuvių|jbo Lojban;la .lojban.|lb Luxembourgish;Lëtzebuergesch|mk Macedonian;македонски
ms Malay;Bahasa Malaysia;Bahasa Melayu;Malaysian|ml Malayalam;മലയാളം|mt Maltese;Malti|gv Manx;Gaelg;Gailck
mi Maori;Te Reo Māori;Māori;te reo Māori|mr Marathi;मराठी|mn Mongolian;Монгол;ᠮᠣᠩᠭᠣᠯ|nv Navajo;Diné bizaad
ne Nepali;नेपाली|no Norwegian;Norsk|nb Norwegian Bokmål;Bokmål|nn Norwegian Nynorsk;Nynorsk|oc Occitan
fa Persian;Farsi;فارسی|pl Polish;Polski|pt Portuguese;Português|pt-BR Brazilian Portuguese;Português brasileiro
pt-PT European Portuguese;Português europeu|pa Punjabi;ਪੰਜਾਬੀ|qya Quenya;Eldarin|qu Quechua;Runa Simi
ro Romanian;Română|rm Romansh;Rumantsch|ru Russian;Русский|sa Sanskrit;संस्कृतम्|sco Scots;Scots leid
gd Scottish Gaelic;Gàidhlig|sr Serbian;Srpski - Српски;Srpski;Српски|sjn Sindarin|si Sinhala;සිංහල|sk Slovak;Slovenčina
sl Slovenian;Slovene;Slovenščina|so Somali;af Soomaali|es Spanish;Español;Castellano|sw Swahili;Kiswahili
sv Swedish;Svenska|szl Silesian;ślōnskŏ gŏdka|ta Tamil;தமிழ்|te Telugu;తెలుగు|th Thai;ไทย;ภาษาไทย
bo Tibetan;བོད་སྐད་;བོད་ཡིག|tok Toki Pona|tr Turkish;Türkçe|tpi Tok Pisin|uk Ukrainian;Українська|ur Urdu;اُردُو;اردو
ug Uyghur;ئۇيغۇر تىلى|uz Uzbek;Oʻzbekcha|vi Vietnamese;Tiếng Việt|vo Volapük|cy Welsh;Cymraeg|xh Xhosa;isiXhosa
yi Yiddish;יידיש|yo Yoruba;Yorùbá|zu Zulu;isiZulu
"""
_THREE_LETTERS = {
    "ara": "ar", "ces": "cs", "cze": "cs", "chi": "zh", "zho": "zh", "dan": "da", "deu": "de", "dut": "nl", "ell": "el",
    "eng": "en", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gre": "el", "heb": "he", "hin": "hi", "hun": "hu",
    "ind": "id", "ita": "it", "jpn": "ja", "kor": "ko", "lat": "la", "nld": "nl", "nor": "no", "pol": "pl", "por": "pt",
    "ron": "ro", "rum": "ro", "rus": "ru", "spa": "es", "swe": "sv", "tha": "th", "tur": "tr", "ukr": "uk", "vie": "vi",
}  # fmt: skip
"""Three-letter codes that older tools write where BCP 47 asks for the two-letter one."""


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _tags_by_name() -> dict[str, str]:
    rows = (row.partition(" ") for line in _TABLE.strip().splitlines() for row in line.split("|"))
    return {_key(name): tag for tag, _, names in rows for name in names.split(";")}


def _first_names() -> dict[str, str]:
    rows = (row.partition(" ") for line in reversed(_TABLE.strip().splitlines()) for row in line.split("|"))
    return {tag: names.split(";")[0] for tag, _, names in rows}


_TAGS = _tags_by_name()
_NAMES = _first_names()


def tag_of_language(name: str) -> str:
    """The BCP 47 tag of a language's name, in English or in itself; "" for a name that is not known."""
    return _TAGS.get(_key(name), "")


def name_of_language(tag: str) -> str:
    """The English name of a language tag, as the Archive of Our Own shows English for "en"; the tag if unknown."""
    return _NAMES.get(tag) or _NAMES.get(tag.partition("-")[0], tag)


def plain_tag(code: str) -> str:
    """A language code from a file as a BCP 47 tag in its usual spelling; "" for "undetermined" and for nonsense."""
    code = code.strip().replace("_", "-")
    first, _, rest = code.partition("-")
    first = _THREE_LETTERS.get(first.lower(), first.lower())
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", f"{first}-{rest}" if rest else first) or first == "und":
        return tag_of_language(code)
    return "-".join([first, *(_subtag(part) for part in rest.split("-") if part)])


def _subtag(part: str) -> str:
    """Regions in capitals, scripts capitalised: RFC 5646, section 2.1.1."""
    if len(part) == 2:  # noqa: PLR2004  a region has two letters
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part.lower()  # noqa: PLR2004  a script has four
