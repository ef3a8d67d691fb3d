"""Scrapy spiders: the site and the new-media pages."""
