"""The words that eFiction's pages label things with, in the languages it was translated into."""

from __future__ import annotations

import re
from enum import StrEnum


class Word(StrEnum):
    """What a label stands before."""

    SUMMARY = "summary"
    RATED = "rated"
    CATEGORIES = "categories"
    CHARACTERS = "characters"
    WARNINGS = "warnings"
    CHALLENGES = "challenges"
    SERIES = "series"
    CHAPTERS = "chapters"
    COMPLETED = "completed"
    WORDS = "words"
    READ = "read"
    PUBLISHED = "published"
    UPDATED = "updated"
    STORY_NOTES = "story notes"
    CHAPTER_NOTES = "chapter notes"
    END_NOTES = "end notes"
    REVIEWER = "reviewer"
    DATE = "date"
    TITLE = "title"
    RESPONSE = "response"
    PENNAME = "penname"
    REAL_NAME = "real name"
    JOINED = "joined"
    STATUS = "status"
    BIO = "bio"
    WEBSITE = "website"
    AUTHOR = "author"
    REVIEWS = "reviews"
    STORIES = "stories"
    OPEN = "open"
    RATING = "rating"


_WORDS = {
    Word.SUMMARY: "summary|zusammenfassung|inhalt(?:sangabe)?|kurzbeschreibung|résumé|resume|resumen|riassunto|trama|"
    "resumo|sumário|samenvatting|streszczenie|shrnutí|содержание|краткое содержание|саммари|описание|sammanfattning|"
    "resumé|tiivistelmä|összefoglaló|简介|摘要",
    Word.RATED: "rated|rating|einstufung|altersfreigabe|altersempfehlung|freigegeben|classement|classification|rating "
    "de l'histoire|clasificación|clasificado|valutazione|classificação|censura|leeftijd|beoordeling|kategoria wiekowa|"
    "рейтинг|åldersgräns|分级",
    Word.CATEGORIES: "categor(?:y|ies)|kategorien?|catégories?|categorías?|categori[ae]|categorie(?:ën|s)?|categorias?|"
    "kategori[ae]|категори[яи]|分类",
    Word.CHARACTERS: "characters?|charaktere?|figuren|hauptpersonen|personnages?|personajes?|personagg[io]|"
    "personagens?|personages?|postacie|bohaterowie|персонажи|герои|karaktärer|人物",
    Word.WARNINGS: "warnings?|warnungen?|warnhinweise?|avertissements?|advertencias?|avvertimenti|avisos?|"
    "waarschuwing(?:en)?|ostrzeżenia|предупреждени[ея]",
    Word.CHALLENGES: "challenges?|herausforderung(?:en)?|défis?|desafíos?|retos?|sfide|desafios?|uitdaging(?:en)?|"
    "wyzwania|вызовы?",
    Word.SERIES: "series|serien?|séries?|serie|cykle|серии|серия|reeks(?:en)?",
    Word.CHAPTERS: "chapters?|kapitel|chapitres?|capítulos?|capitoli|hoofdstuk(?:ken)?|rozdziały|главы|глав|章节",
    Word.COMPLETED: "completed?|abgeschlossen|fertig|vollständig|terminée?|achevée?|complète|terminad[ao]|complet[ao]|"
    "conclusa|finita|voltooid|compleet|zakończone|ukończone|законч?ен[ао]?|завершен[ао]?|完成",
    Word.WORDS: "word ?count|words?|wörter|wortanzahl|mots|nombre de mots|palabras|parole|palavras|woorden|słowa|"
    "слов|字数",
    Word.READ: "read|reads|gelesen|aufrufe|lue?|lectures|leído|leída|letta|letture|lid[ao]|gelezen|przeczytano|"
    "прочитано|прочтений",
    Word.PUBLISHED: "published|posted|veröffentlicht|publiée?|publicad[ao]|pubblicata?|gepubliceerd|opublikowano|"
    "опубликован[ао]?|дата публикации|发表",
    Word.UPDATED: "updated|aktualisiert|letztes update|mise? à jour|actualizad[ao]|aggiornata?|atualizad[ao]|"
    "bijgewerkt|uaktualniono|обновлен[ао]?|更新",
    Word.STORY_NOTES: "story notes?|anmerkung(?:en)? zur (?:geschichte|story)|notes? (?:de|sur) l'histoire|notas? de "
    "la historia|note (?:della|alla) storia|notas? da história|verhaalnotities|uwagi do (?:opowiadania|historii)|"
    "примечания? к (?:рассказу|истории|фанфику)",
    Word.CHAPTER_NOTES: "(?:author'?s? )?chapter notes?|author'?s? notes?|(?:anmerkung(?:en)? )?zum kapitel|"
    "kapitel(?:anmerkung|notiz)(?:en)?|anmerkung(?:en)? (?:des autors|der autorin|zum kapitel)|notes? (?:de|du|sur le) "
    "(?:chapitre|l'auteure?)|notas? del? (?:capítulo|autora?)|note (?:del|al) (?:capitolo|l'autore)|notas? do "
    "(?:capítulo|autor)|hoofdstuknotities|uwagi do rozdziału|примечания? (?:к главе|автора)",
    Word.END_NOTES: "(?:chapter )?end ?notes?|(?:abschluss|schluss|end)(?:anmerkung|bemerkung|notiz)(?:en)?|notes? de "
    "fin(?: de chapitre)?|notas? finales(?: del capítulo)?|note (?:finali|di fine capitolo)|notas? finais|"
    "eindnotities|uwagi końcowe|примечания? в конце(?: главы)?|заключительные примечания",
    Word.REVIEWER: "reviewer|review(?:er)? name|reviewed by|rezensent(?:in)?|kommentator(?:in)?|critique|commentateur|"
    "reseñador|recensore|revisor|recensent|recenzent|рецензент|отзыв от|name|评论者",
    Word.DATE: "date|datum|fecha|data|дата|on|日期",
    Word.TITLE: "title|titel|titre|título|titolo|tytuł|название|for|chapter|kapitel|chapitre|标题",
    Word.RESPONSE: "author'?s? (?:response|reply)|antwort (?:des autors|der autorin)|réponse de l'auteure?|respuesta "
    "del? (?:la )?autora?|risposta dell'autore|resposta d[oa] autora?|antwoord van de auteur|odpowiedź autora|"
    "odpověď autora|ответ автора|作者回复",
    Word.PENNAME: "pen ?name|pseudonym|benutzername|pseudo(?:nyme)?|seudónimo|nome d'arte|pseudônimo|псевдоним|ник",
    Word.REAL_NAME: "real name|echter name|richtiger name|(?:vrai )?nom(?: réel)?|nombre real|nome reale?|nome real|"
    "echte naam|imię|настоящее имя",
    Word.JOINED: "member since|mitglied seit|membre depuis|miembro desde|membro dal?|membro desde|lid sinds|członek od|"
    "участник с",
    Word.STATUS: "membership status|status|mitgliedsstatus|statut|estado|stato",
    Word.BIO: "bio(?:graphy|graphie|grafie|grafía|grafia)?|über mich|profil|о себе",
    Word.WEBSITE: "web ?site|webseite|homepage|site web|sitio web|sito(?: web)?|сайт",
    Word.AUTHOR: "authors?|autor(?:en|in)?|auteure?s?|autor[ae]?s?|autore|автор|by|von|par|作者",
    Word.REVIEWS: "reviews?|rezensionen|critiques|reseñas|recensioni|отзывы",
    Word.STORIES: "stories|geschichten|histoires|historias|storie",
    Word.OPEN: "open|offen|ouverte?|abierta|aperta",
    Word.RATING: "score|bewertung|note|puntuación|voto",
}
_PATTERNS = {word: re.compile(f"(?:{spellings})", re.IGNORECASE) for word, spellings in _WORDS.items()}
_NONE = re.compile(
    r"(?:none|no|n/a|keine?|aucune?s?|ningun[ao]?|nessun[ao]?|nenhum[a]?|geen|brak|нет|-|unknown)?\.?", re.IGNORECASE
)
_YES = re.compile(r"(?:yes|ja|oui|sí|si|sim|tak|да|ano|igen|是|1)\b", re.IGNORECASE)


def words_of(label: str) -> set[Word]:
    """What a label can stand before: some words mean one thing on one page and another on the next."""
    label = " ".join(label.replace("’", "'").split()).strip(" :：[]()*")
    return {word for word, pattern in _PATTERNS.items() if pattern.fullmatch(label)}


def is_none(value: str) -> bool:
    """Whether a value says that there is none."""
    return bool(_NONE.fullmatch(value.strip()))


def is_yes(value: str) -> bool:
    """Whether a value says yes."""
    return bool(_YES.match(value.strip()))
