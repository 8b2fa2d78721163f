-- MySQL dump 10.13
/*!40101 SET NAMES latin1 */;
CREATE TABLE `fanfiction_authorfields` (
  `field_id` text,
  `field_type` text,
  `field_name` text,
  `field_title` text,
  `field_options` text,
  `field_code_in` text,
  `field_code_out` text,
  `field_on` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_authorfields` WRITE;
INSERT INTO `fanfiction_authorfields` VALUES (1,6,'town','Town','','','',1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_authorinfo` (
  `uid` text,
  `field` text,
  `info` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_authorinfo` WRITE;
INSERT INTO `fanfiction_authorinfo` VALUES (2,1,'Exeter'),(3,1,'write to lucy@hillingham.example');
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_authorprefs` WRITE;
INSERT INTO `fanfiction_authorprefs` VALUES (1,0,0,1,0,0,0,0,0,'default',1,'0',1,0),(2,1,0,1,0,0,0,0,1,'default',4,'0',1,2),(4,0,0,0,0,0,0,0,0,'default',-1,'0',0,0);
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_authors` WRITE;
INSERT INTO `fanfiction_authors` VALUES (1,'Van Helsing','Abraham','abraham@leyden.example','','','','2007-01-01 00:00:00',0,'5f4dcc3b5aa765d61d8327deb882cf99'),(2,'Mina','Wilhelmina Harker','mina@exeter.example','','I know the <b>trains</b>.','stories/2/images/train.jpg','2007-01-02 00:00:00',0,'098f6bcd4621d373cade4e832627b4f6'),(3,'Lucy','','lucy@hillingham.example','','','','0000-00-00 00:00:00',0,'not a hash'),(4,'The Count','Vlad','','','','','0000-00-00 00:00:00',0,'d41d8cd98f00b204e9800998ecf8427e');
UNLOCK TABLES;

CREATE TABLE `fanfiction_blocks` (
  `block_id` text,
  `block_name` text,
  `block_title` text,
  `block_file` text,
  `block_status` text,
  `block_variables` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_blocks` WRITE;
INSERT INTO `fanfiction_blocks` VALUES (1,'info','Site info','info/info.php',1,'a:1:{s:5:"style";i:1;}');
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_categories` WRITE;
INSERT INTO `fanfiction_categories` VALUES (1,-1,'Dracula','','',0,0,1,3);
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_challenges` WRITE;
INSERT INTO `fanfiction_challenges` VALUES (1,'Mina',2,'Ten trains','1','2','On time.',1);
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_chapters` WRITE;
INSERT INTO `fanfiction_chapters` VALUES (11,'Munich',1,'','Left at 8:35.','',1,3,0,1,1,2,5),(12,'Bistritz',1,'','Late again.','',1,2,0,0,1,3,5),(21,'',0,'','A bat at the window.','',1,5,0,0,2,3,1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_characters` (
  `charid` text,
  `catid` text,
  `charname` text,
  `bio` text,
  `image` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_characters` WRITE;
INSERT INTO `fanfiction_characters` VALUES (1,-1,'Jonathan','',''),(2,-1,'Mina/Lucy','','');
UNLOCK TABLES;

CREATE TABLE `fanfiction_classes` (
  `class_id` text,
  `class_type` text,
  `class_name` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_classes` WRITE;
INSERT INTO `fanfiction_classes` VALUES (1,1,'Gothic'),(2,2,'Blood');
UNLOCK TABLES;

CREATE TABLE `fanfiction_classtypes` (
  `classtype_id` text,
  `classtype_name` text,
  `classtype_title` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_classtypes` WRITE;
INSERT INTO `fanfiction_classtypes` VALUES (1,'genres','Genres'),(2,'warnings','Warnings');
UNLOCK TABLES;

CREATE TABLE `fanfiction_coauthors` (
  `sid` text,
  `uid` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_coauthors` WRITE;
INSERT INTO `fanfiction_coauthors` VALUES (1,3),(77,2);
UNLOCK TABLES;

CREATE TABLE `fanfiction_codeblocks` (
  `code_id` text,
  `code_text` text,
  `code_type` text,
  `code_module` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_codeblocks` WRITE;
INSERT INTO `fanfiction_codeblocks` VALUES (1,'include(_BASEDIR."modules/challenges/stats.php");','sitestats','challenges');
UNLOCK TABLES;

CREATE TABLE `fanfiction_comments` (
  `cid` text,
  `nid` text,
  `uid` text,
  `comment` text,
  `time` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_comments` WRITE;
INSERT INTO `fanfiction_comments` VALUES (1,1,2,'At once.','2007-02-02 00:00:00'),(2,1,305,'I, too.','2007-02-03 00:00:00');
UNLOCK TABLES;

CREATE TABLE `fanfiction_favorites` (
  `uid` text,
  `item` text,
  `type` text,
  `comments` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_favorites` WRITE;
INSERT INTO `fanfiction_favorites` VALUES (2,2,'ST','Read it by <i>daylight</i>.'),(2,3,'AU',''),(3,5,'SE',''),(3,9,'RE','');
UNLOCK TABLES;

CREATE TABLE `fanfiction_inseries` (
  `seriesid` text,
  `sid` text,
  `subseriesid` text,
  `confirmed` text,
  `inorder` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_inseries` WRITE;
INSERT INTO `fanfiction_inseries` VALUES (5,1,0,1,1),(6,0,5,1,1),(6,80,0,1,2);
UNLOCK TABLES;

CREATE TABLE `fanfiction_log` (
  `log_id` text,
  `log_action` text,
  `log_uid` text,
  `log_ip` text,
  `log_timestamp` text,
  `log_type` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_log` WRITE;
INSERT INTO `fanfiction_log` VALUES (1,'Mina registered',2,167838211,'2007-01-02 00:00:00','RG'),(2,'Mina deleted Lost Diary',2,167838211,'2007-03-02 00:00:00','DL');
UNLOCK TABLES;

CREATE TABLE `fanfiction_messages` (
  `message_id` text,
  `message_name` text,
  `message_title` text,
  `message_text` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_messages` WRITE;
INSERT INTO `fanfiction_messages` VALUES (1,'rules','Rules','No garlic.'),(2,'maintenance','Closed','Back at sunset.');
UNLOCK TABLES;

CREATE TABLE `fanfiction_modules` (
  `id` text,
  `name` text,
  `version` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_modules` WRITE;
INSERT INTO `fanfiction_modules` VALUES (1,'Challenges','1.2');
UNLOCK TABLES;

CREATE TABLE `fanfiction_news` (
  `nid` text,
  `author` text,
  `title` text,
  `story` text,
  `time` text,
  `comments` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_news` WRITE;
INSERT INTO `fanfiction_news` VALUES (1,'Van Helsing','Meeting','In the <i>crypt</i>.','2007-02-01 00:00:00',2);
UNLOCK TABLES;

CREATE TABLE `fanfiction_online` (
  `online_uid` text,
  `online_ip` text,
  `online_timestamp` text,
  `online_link` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_online` WRITE;
INSERT INTO `fanfiction_online` VALUES (2,'10.1.2.3','1170288000','index.php');
UNLOCK TABLES;

CREATE TABLE `fanfiction_pagelinks` (
  `link_id` text,
  `link_name` text,
  `link_text` text,
  `link_url` text,
  `link_target` text,
  `link_access` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_pagelinks` WRITE;
INSERT INTO `fanfiction_pagelinks` VALUES (1,'home','Home','index.php','0',0);
UNLOCK TABLES;

CREATE TABLE `fanfiction_panels` (
  `panel_id` text,
  `panel_name` text,
  `panel_title` text,
  `panel_url` text,
  `panel_level` text,
  `panel_order` text,
  `panel_hidden` text,
  `panel_type` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_panels` WRITE;
INSERT INTO `fanfiction_panels` VALUES (1,'submitted','Submissions','',3,5,0,'A');
UNLOCK TABLES;

CREATE TABLE `fanfiction_poll` (
  `poll_id` text,
  `poll_question` text,
  `poll_opts` text,
  `poll_start` text,
  `poll_end` text,
  `poll_results` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_poll` WRITE;
INSERT INTO `fanfiction_poll` VALUES (1,'Stake?','yes|#|no','2007-01-01 00:00:00','0000-00-00 00:00:00','3#0');
UNLOCK TABLES;

CREATE TABLE `fanfiction_poll_votes` (
  `vote_id` text,
  `vote_user` text,
  `vote_opt` text,
  `vote_poll` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_poll_votes` WRITE;
INSERT INTO `fanfiction_poll_votes` VALUES (1,2,1,1);
UNLOCK TABLES;

CREATE TABLE `fanfiction_ratings` (
  `rid` text,
  `rating` text,
  `ratingwarning` text,
  `warningtext` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_ratings` WRITE;
INSERT INTO `fanfiction_ratings` VALUES (1,'Teen',0,''),(2,'Adult',3,'Blood.');
UNLOCK TABLES;

CREATE TABLE `fanfiction_recommendations` (
  `recid` text,
  `recname` text,
  `uid` text,
  `title` text,
  `author` text,
  `url` text,
  `summary` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_recommendations` WRITE;
INSERT INTO `fanfiction_recommendations` VALUES (1,'Mina',2,'Varney','Rymer','http://varney.example','Long.');
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_reviews` WRITE;
INSERT INTO `fanfiction_reviews` VALUES (1,1,11,'Lucy',3,'And then?<br><br><i>Antwort des Autors: Dann <i>Bistritz</i>.</i>','2007-02-05 00:00:00',1,'1','ST'),(2,1,12,'Seward',0,'No Review','2007-02-06 00:00:00',0,'0','ST'),(3,6,0,'Lucy',3,'Both!','2007-02-07 00:00:00',-1,'0','SE'),(4,77,0,'Lucy',3,'Gone.','0000-00-00 00:00:00',-1,'0','ST');
UNLOCK TABLES;

CREATE TABLE `fanfiction_series` (
  `seriesid` text,
  `title` text,
  `summary` text,
  `uid` text,
  `isopen` text,
  `catid` text,
  `classes` text,
  `rating` text,
  `reviews` text,
  `warnings` text,
  `genres` text,
  `characters` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_series` WRITE;
INSERT INTO `fanfiction_series` VALUES (5,'Timetables','',2,2,'1','1',0,0,'','',''),(6,'Journals','All of them.',1,0,'1','',0,1,'','','1');
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
  `version` text,
  `smtp_password` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_settings` WRITE;
INSERT INTO `fanfiction_settings` VALUES ('k35','Whitby Archive','','http://www.whitby.example/fic/','abraham@leyden.example','','en','stories','mysql',2,'3.5.3','');
UNLOCK TABLES;

CREATE TABLE `fanfiction_shoutbox` (
  `shout_id` text,
  `shout_name` text,
  `shout_message` text,
  `shout_datestamp` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_shoutbox` WRITE;
INSERT INTO `fanfiction_shoutbox` VALUES (1,'2','Boo!','1170288000');
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_stats` WRITE;
INSERT INTO `fanfiction_stats` VALUES ('k35',4,9,2,3,10,2,4,1,4);
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
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_stories` WRITE;
INSERT INTO `fanfiction_stories` VALUES (1,'Ten Trains','To Bistritz.','','1','1,2','1,2','1','2007-02-04 00:00:00','2007-02-04 00:00:00',2,'1',0,1,0,0,5,1,2,10,'1'),(2,'At the Window','','','1','2','2','2','2007-02-04 00:00:00','2007-02-04 00:00:00',3,'1',2,1,1,1,5,0,0,1,'0'),(3,'No Words','','','1','','','1','0000-00-00 00:00:00','0000-00-00 00:00:00',2,NULL,0,1,0,0,0,0,0,0,'0');
UNLOCK TABLES;

CREATE TABLE `fanfiction_tracker` (
  `uid` text,
  `sid` text,
  `last_read` text
) ENGINE=MyISAM DEFAULT CHARSET=latin1;
LOCK TABLES `fanfiction_tracker` WRITE;
INSERT INTO `fanfiction_tracker` VALUES (2,2,'2007-03-01 00:00:00');
UNLOCK TABLES;

-- Dump completed
