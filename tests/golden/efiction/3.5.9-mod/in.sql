-- MySQL dump 10.19
/*!40101 SET NAMES utf8mb4 */;
CREATE TABLE `fanfiction_authorfields` (
  `field_id` text,
  `field_type` text,
  `field_name` text,
  `field_title` text,
  `field_options` text,
  `field_code_in` text,
  `field_code_out` text,
  `field_on` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_authorfields` WRITE;
INSERT INTO `fanfiction_authorfields` VALUES (1,2,'gender','Pronouns','she|#|they','','',1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_authorinfo` (
  `uid` text,
  `field` text,
  `info` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_authorinfo` WRITE;
INSERT INTO `fanfiction_authorinfo` VALUES (2,1,'they'),(3,1,'');
UNLOCK TABLES;

CREATE TABLE `fanfiction_authorprefs` (
  `uid` text,
  `newreviews` text,
  `newrespond` text,
  `ageconsent` text,
  `alertson` text,
  `tinyMCE` text,
  `sortby` text,
  `storyindex` text,
  `validated` text,
  `userskin` text,
  `level` text,
  `categories` text,
  `contact` text,
  `stories` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_authorprefs` WRITE;
INSERT INTO `fanfiction_authorprefs` VALUES (1,0,0,0,0,0,0,0,0,'default',2,'0',0,0),(2,0,0,0,0,0,0,0,0,'default',0,'0',0,1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_authors` (
  `uid` text,
  `penname` text,
  `realname` text,
  `email` text,
  `website` text,
  `bio` text,
  `image` text,
  `date` text,
  `admincreated` text,
  `password` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_authors` WRITE;
INSERT INTO `fanfiction_authors` VALUES (1,'Perrodon','','perrodon@schloss.example','','','',1291000000,0,'$2y$12$abcdefghijklmnopqrstuABCDEFGHIJKLMNOPQRSTUVWXYZ012345'),(2,'Millarca 🌙','','millarca@schloss.example','https://schloss.example/ä','Nachts wach. “Immer.” 🌙','',1291000001,0,'$2y$12$abcdefghijklmnopqrstuABCDEFGHIJKLMNOPQRSTUVWXYZ012345'),(3,'Laura','','laura@schloss.example','','','',1291000002,0,'098f6bcd4621d373cade4e832627b4f6');
UNLOCK TABLES;

CREATE TABLE `fanfiction_categories` (
  `catid` text,
  `parentcatid` text,
  `category` text,
  `description` text,
  `image` text,
  `locked` text,
  `leveldown` text,
  `displayorder` text,
  `numitems` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_categories` WRITE;
INSERT INTO `fanfiction_categories` VALUES (1,-1,'Carmilla','','',0,0,1,2);
UNLOCK TABLES;

CREATE TABLE `fanfiction_challenges` (
  `chalid` text,
  `challenger` text,
  `uid` text,
  `title` text,
  `catid` text,
  `characters` text,
  `summary` text,
  `responses` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_challenges` WRITE;
INSERT INTO `fanfiction_challenges` VALUES (1,'Laura',3,'日本語で','1','1','A night in <b>three</b> languages.',1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_chapters` (
  `chapid` text,
  `title` text,
  `inorder` text,
  `notes` text,
  `storytext` text,
  `endnotes` text,
  `validated` text,
  `wordcount` text,
  `rating` text,
  `reviews` text,
  `sid` text,
  `uid` text,
  `count` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_chapters` WRITE;
INSERT INTO `fanfiction_chapters` VALUES (11,'Eins',1,'','<p>Der Mond ging auf. 🌕</p>','',1,5,0,1,1,2,1),(21,'',1,'','月が昇った。','',1,1,0,0,2,3,1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_characters` (
  `charid` text,
  `catid` text,
  `charname` text,
  `bio` text,
  `image` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_characters` WRITE;
INSERT INTO `fanfiction_characters` VALUES (1,-1,'Käthe','','');
UNLOCK TABLES;

CREATE TABLE `fanfiction_classes` (
  `class_id` text,
  `class_type` text,
  `class_name` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_classes` WRITE;
INSERT INTO `fanfiction_classes` VALUES (1,1,'Nacht');
UNLOCK TABLES;

CREATE TABLE `fanfiction_classtypes` (
  `classtype_id` text,
  `classtype_name` text,
  `classtype_title` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_classtypes` WRITE;
INSERT INTO `fanfiction_classtypes` VALUES (1,'mood','Stimmung');
UNLOCK TABLES;

CREATE TABLE `fanfiction_coauthors` (
  `sid` text,
  `uid` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_coauthors` WRITE;
INSERT INTO `fanfiction_coauthors` VALUES (1,3);
UNLOCK TABLES;

CREATE TABLE `fanfiction_comments` (
  `cid` text,
  `nid` text,
  `uid` text,
  `comment` text,
  `time` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_comments` WRITE;
INSERT INTO `fanfiction_comments` VALUES (1,1,3,'👋',1291000000);
UNLOCK TABLES;

CREATE TABLE `fanfiction_favorites` (
  `uid` text,
  `item` text,
  `type` text,
  `comments` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_favorites` WRITE;
INSERT INTO `fanfiction_favorites` VALUES (3,1,'ST','♥');
UNLOCK TABLES;

CREATE TABLE `fanfiction_inseries` (
  `seriesid` text,
  `sid` text,
  `subseriesid` text,
  `confirmed` text,
  `inorder` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_inseries` WRITE;
INSERT INTO `fanfiction_inseries` VALUES (1,1,0,1,1),(1,2,0,1,2);
UNLOCK TABLES;

CREATE TABLE `fanfiction_messages` (
  `message_id` text,
  `message_name` text,
  `message_title` text,
  `message_text` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_messages` WRITE;
INSERT INTO `fanfiction_messages` VALUES (1,'copyright','Copyright','© Niemand');
UNLOCK TABLES;

CREATE TABLE `fanfiction_news` (
  `nid` text,
  `author` text,
  `title` text,
  `story` text,
  `time` text,
  `comments` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_news` WRITE;
INSERT INTO `fanfiction_news` VALUES (1,'Perrodon','Neu','Umgezogen.',1291000000,1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_ratings` (
  `rid` text,
  `rating` text,
  `ratingwarning` text,
  `warningtext` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_ratings` WRITE;
INSERT INTO `fanfiction_ratings` VALUES (1,'Für alle',0,'');
UNLOCK TABLES;

CREATE TABLE `fanfiction_reviews` (
  `reviewid` text,
  `item` text,
  `chapid` text,
  `reviewer` text,
  `uid` text,
  `review` text,
  `date` text,
  `rating` text,
  `respond` text,
  `type` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_reviews` WRITE;
INSERT INTO `fanfiction_reviews` VALUES (1,1,11,'Laura',3,'Schön!<br><br><i>Antwort: Danke 🌙</i>',1291000000,10,'1','ST');
UNLOCK TABLES;

CREATE TABLE `fanfiction_series` (
  `seriesid` text,
  `title` text,
  `summary` text,
  `uid` text,
  `isopen` text,
  `catid` text,
  `rating` text,
  `classes` text,
  `characters` text,
  `reviews` text,
  `numstories` text,
  `warnings` text,
  `challenges` text,
  `genres` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_series` WRITE;
INSERT INTO `fanfiction_series` VALUES (1,'Nächte','Zwei.',2,2,'1',0,'1','1',0,2,'','','');
UNLOCK TABLES;

CREATE TABLE `fanfiction_settings` (
  `sitekey` text,
  `sitename` text,
  `slogan` text,
  `url` text,
  `siteemail` text,
  `tableprefix` text,
  `language` text,
  `storiespath` text,
  `store` text,
  `ratings` text,
  `version` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_settings` WRITE;
INSERT INTO `fanfiction_settings` VALUES ('m','Schloss','','https://schloss.example','perrodon@schloss.example','','de','stories','mysql',1,'3.5.9');
UNLOCK TABLES;

CREATE TABLE `fanfiction_stats` (
  `sitekey` text,
  `stories` text,
  `chapters` text,
  `series` text,
  `reviews` text,
  `wordcount` text,
  `authors` text,
  `members` text,
  `reviewers` text,
  `newestmember` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_stats` WRITE;
INSERT INTO `fanfiction_stats` VALUES ('m',2,2,1,1,6,2,3,1,3);
UNLOCK TABLES;

CREATE TABLE `fanfiction_stories` (
  `sid` text,
  `title` text,
  `summary` text,
  `storynotes` text,
  `catid` text,
  `classes` text,
  `charid` text,
  `rid` text,
  `date` text,
  `updated` text,
  `uid` text,
  `coauthors` text,
  `featured` text,
  `validated` text,
  `completed` text,
  `rr` text,
  `wordcount` text,
  `rating` text,
  `reviews` text,
  `count` text,
  `challenges` text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `fanfiction_stories` WRITE;
INSERT INTO `fanfiction_stories` VALUES (1,'Mondaufgang','','','1','1','1','1',1291000000,1291000000,2,'1',0,2,1,0,5,10,1,1,'1'),(2,'月','','','1','','','1',1291000000,1291000000,3,NULL,0,2,1,0,1,0,0,1,'0');
UNLOCK TABLES;

-- Dump completed
