<?xml version="1.0"?>
<mysqldump xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<database name="old">
	<table_data name="smf_members">
	<row>
		<field name="ID_MEMBER">7</field>
		<field name="memberName">mina</field>
		<field name="realName">Mina H.</field>
		<field name="emailAddress">mina@example.com</field>
	</row>
	<row>
		<field name="ID_MEMBER">8</field>
		<field name="memberName">renfield</field>
		<field name="realName">Renfield</field>
		<field name="emailAddress">r@example.com</field>
	</row>
	</table_data>
	<table_data name="fanfiction_stories">
	<row>
		<field name="sid">1</field>
		<field name="title">The &quot;Demeter&quot;</field>
		<field name="summary" xsi:nil="true" />
		<field name="uid">7</field>
		<field name="validated">1</field>
		<field name="completed">1</field>
		<field name="date">2004-05-03 10:11:12</field>
	</row>
	</table_data>
	<table_data name="fanfiction_chapters">
	<row>
		<field name="chapid">11</field>
		<field name="title">Varna</field>
		<field name="inorder">1</field>
		<field name="storytext">&lt;p&gt;A dead man &amp; a wheel.&lt;/p&gt;</field>
		<field name="validated">1</field>
		<field name="sid">1</field>
		<field name="uid">7</field>
	</row>
	</table_data>
	<table_data name="fanfiction_news">
	<row>
		<field name="nid">1</field>
		<field name="title">The si