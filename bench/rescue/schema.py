"""eFiction 3.5.3's tables, as its install script makes them: facts for writing a dump that MariaDB takes."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    Value = int | str | None

HEAD = """-- MySQL dump 10.13  Distrib 5.7.44, for Linux (x86_64)
--
-- Host: localhost    Database: archive
-- ------------------------------------------------------
/*!40101 SET NAMES utf8mb4 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;

"""
FOOT = """/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;

-- Dump completed on 2011-03-05  4:12:09
"""

# Column names with one letter for the type: i(nteger), s(tring), t(ext), d(ate), f(lag).
TABLES = {
    "authors": "uid:i penname:s realname:s email:s website:s bio:t image:s date:d admincreated:i password:s",
    "authorprefs": "uid:i newreviews:f newrespond:f ageconsent:f alertson:f tinyMCE:f sortby:f storyindex:f "
    "validated:f userskin:s level:f categories:s contact:f stories:i",
    "authorfields": "field_id:i field_type:f field_name:s field_title:s field_options:t field_code_in:t "
    "field_code_out:t field_on:f",
    "authorinfo": "uid:i field:i info:s",
    "categories": "catid:i parentcatid:i category:s description:t image:s locked:f leveldown:f displayorder:i "
    "numitems:i",
    "characters": "charid:i catid:i charname:s bio:t image:s",
    "classtypes": "classtype_id:i classtype_name:s classtype_title:s",
    "classes": "class_id:i class_type:i class_name:s",
    "ratings": "rid:i rating:s ratingwarning:i warningtext:t",
    "stories": "sid:i title:s summary:t storynotes:t catid:s classes:s charid:s rid:s date:d updated:d uid:i "
    "coauthors:s featured:f validated:f completed:f rr:f wordcount:i rating:f reviews:i count:i challenges:s",
    "chapters": "chapid:i title:s inorder:i notes:t storytext:t endnotes:t validated:f wordcount:i rating:f reviews:i "
    "sid:i uid:i count:i",
    "coauthors": "sid:i uid:i",
    "series": "seriesid:i title:s summary:t uid:i isopen:f catid:s rating:f classes:s characters:s reviews:i "
    "numstories:i",
    "inseries": "seriesid:i sid:i subseriesid:i confirmed:f inorder:i",
    "reviews": "reviewid:i item:i chapid:i reviewer:s uid:i review:t date:d rating:i respond:f type:s",
    "favorites": "uid:i item:i type:s comments:t",
    "news": "nid:i author:s title:s story:t time:d comments:i",
    "comments": "cid:i nid:i uid:i comment:t time:d",
    "challenges": "chalid:i challenger:s uid:i title:s catid:s characters:s summary:t responses:i",
    "messages": "message_id:i message_name:s message_title:s message_text:t",
    "log": "log_id:i log_action:t log_uid:i log_ip:i log_timestamp:d log_type:s",
    "settings": "sitekey:s sitename:s slogan:s url:s siteemail:s tableprefix:s language:s storiespath:s store:s "
    "allowed_tags:s ratings:f anonreviews:f reviewsallowed:f rateonly:f roundrobins:f coauthallowed:f multiplecats:f "
    "version:s",
    "stats": "sitekey:s stories:i chapters:i series:i reviews:i wordcount:i authors:i members:i reviewers:i "
    "newestmember:i",
}
_TYPES = {
    "i": "int(11) NOT NULL DEFAULT 0",
    "s": "varchar(250) NOT NULL DEFAULT ''",
    "t": "text DEFAULT NULL",
    "d": "datetime NOT NULL DEFAULT '0000-00-00 00:00:00'",
    "f": "tinyint(4) NOT NULL DEFAULT 0",
}
_LONGEST_STATEMENT = 500_000
_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\0": "\\0", "\x1a": "\\Z"})


class Dump:
    """A dump as mysqldump writes it, row by row."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.rows: dict[str, int] = {}
        file.write(HEAD)

    def table(self, name: str, rows: Iterable[tuple[Value, ...]]) -> None:
        """A table's definition and its rows, many to a statement."""
        columns = [column.split(":") for column in TABLES[name].split()]
        listed = ",\n".join(f"  `{column}` {_TYPES[kind]}" for column, kind in columns)
        self._file.write(
            f"DROP TABLE IF EXISTS `fanfiction_{name}`;\nCREATE TABLE `fanfiction_{name}` (\n{listed}\n"
            f") ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;\n\nLOCK TABLES `fanfiction_{name}` WRITE;\n"
        )
        waiting: list[str] = []
        size = count = 0
        for row in rows:
            waiting.append(_written(row))
            size += len(waiting[-1])
            count += 1
            if size > _LONGEST_STATEMENT:
                self._insert(name, waiting)
                waiting, size = [], 0
        self._insert(name, waiting)
        self._file.write("UNLOCK TABLES;\n\n")
        self.rows[name] = count

    def _insert(self, name: str, rows: list[str]) -> None:
        if rows:
            self._file.write(f"INSERT INTO `fanfiction_{name}` VALUES {','.join(rows)};\n")

    def close(self) -> None:
        """The closing lines."""
        self._file.write(FOOT)


def _written(row: tuple[Value, ...]) -> str:
    return "(" + ",".join(_value(each) for each in row) + ")"


def _value(value: Value) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else f"'{value.translate(_ESCAPES)}'"
