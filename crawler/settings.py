"""Settings of the Scrapy project. Pacing, retries, redirects and cookies are ours; Scrapy's are switched off.

Each part that is off is done elsewhere: robots, redirects, retries and pacing in the frontier (they have to survive a
kill), compression and limits in the download handler, depth and duplicates in the frontier table.
"""

BOT_NAME = "govaudit"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
DOWNLOAD_HANDLERS = {
    "http": "crawler.handler.BoundedHandler",
    "https": "crawler.handler.BoundedHandler",
    "file": None,
    "ftp": None,
    "s3": None,
    "data": None,
}

CONCURRENT_REQUESTS = 512  # the frontier bounds what is in flight, per host
CONCURRENT_REQUESTS_PER_DOMAIN = 512
DOWNLOAD_DELAY = 0
DOWNLOAD_DELAY_JITTER = 0
CONCURRENT_ITEMS = 1  # one page writes one record; the order of the store is the order of the answers
SCHEDULER = "crawler.scheduler.PassThrough"
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"
REQUEST_FINGERPRINTER_CLASS = "scrapy.utils.request.RequestFingerprinter"

ITEM_PIPELINES = {"crawler.pipelines.StorePipeline": 100}
EXTENSIONS = {
    "crawler.progress.ProgressReporter": 10,
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.logcount.LogCount": None,
    "scrapy.extensions.corestats.CoreStats": None,
    "scrapy.extensions.closespider.CloseSpider": None,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
DOWNLOADER_MIDDLEWARES = {
    "crawler.middlewares.GuardMiddleware": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": None,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": None,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}

COOKIES_ENABLED = False
REDIRECT_ENABLED = False
RETRY_ENABLED = False
ROBOTSTXT_OBEY = False  # robots.txt is read, recorded and obeyed by the spider, under the district's authorisation
TELNETCONSOLE_ENABLED = False
STATS_DUMP = False
LOG_LEVEL = "WARNING"
LOG_FORMATTER = "crawler.logs.QuietFormatter"
WARN_ON_GENERATOR_RETURN_VALUE = False
