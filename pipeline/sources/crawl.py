"""Fetching the pages of a request: draws titles until enough pages have come, lets three workers
fetch them, and keeps each page at once, with its pairs.
"""

import math
import queue
import random
import threading
import time
from collections.abc import Callable

from pipeline.errors import ExternalError
from pipeline.records import Page
from pipeline.sources.draws import API_BATCH, Draw, Drawn, LiveWiki, unfit_title
from pipeline.sources.page_cache import DerivedPairs, PageCache, QueueItem
from pipeline.sources.rate_limit import FetchError, Missing, Pacer
from pipeline.workers import TimeLimitExceeded

WORKERS = 3  # requests at once: what Wikimedia asks of robots at most
FAILURES_IN_A_ROW = 5  # pages, before the wiki and not the page is held to be at fault
DRY_DRAWS = 3  # random draws that bring nothing new, before the wiki is held to be seen whole
DRY_SHARE = 2  # and this many times the pages known, since old wikis give ten at a time
DAY = 86_400  # seconds after which a wiki once seen whole may have grown
LAST_PAGES = 3  # seconds for what is on its way when a run is stopped

Outcome = Page | FetchError | ExternalError | None


class Crawl:
    """One run of one request. `have` counts the request's pages that gave a pair, `fetched` the
    pages that came in this run.

    A page is started only while `have` and those on their way stay below the goal (None:
    everything), so that the goal is met exactly and a kill loses at most the `WORKERS` pages on
    their way. The cache is touched by the calling thread alone.
    """

    def __init__(
        self,
        cache: PageCache,
        site: str,
        draw: Draw,
        make: Callable[[Page], DerivedPairs],
        *,
        goal: int | None,
        seed: int | None = None,
    ) -> None:
        self._cache, self._draw, self._make, self._goal, self._seed = cache, draw, make, goal, seed
        self.request = cache.request(site, draw.what)
        self._state = self.request.state
        seen_whole_at = self.request.exhausted_at
        self.exhausted = seen_whole_at is not None and not (
            draw.may_repeat and time.time() - seen_whole_at > DAY
        )
        self._position = self._in_flight = self._failed_in_a_row = self.fetched = 0
        self._dry_draws = self._dry_pages = 0
        cache.mark_known(self.request)
        self.have = cache.gave(self.request)
        self._todo: queue.Queue[QueueItem | None] = queue.Queue()
        self._done: queue.Queue[tuple[QueueItem, Outcome]] = queue.Queue()

    def has_pending(self) -> bool:
        """Whether there is anything to ask of the wiki at all."""
        return not self._met() and not (
            self.exhausted and self._cache.next_pending(self.request, after=0) is None
        )

    def run(
        self,
        wiki: LiveWiki,
        pacer: Pacer,
        *,
        on_progress: Callable[[int], None] = lambda have: None,
    ) -> None:
        """Fetch until the goal is met or nothing is left. Raises ExternalError when the wiki
        fails; what came is kept, then as ever.
        """
        self._wiki, self._on_progress = wiki, on_progress
        # Workers only fetch. All writes to the cache, and all decisions, are made by this thread,
        # so that neither needs a lock.
        for _ in range(WORKERS):
            threading.Thread(target=self._work, daemon=True).start()
        try:
            self._start_pending()
            # One outcome in, as many new pages out as there are workers free: the pacer, and not
            # the number of threads, sets the speed.
            while self._in_flight:
                self._take(*self._done.get())
                self._start_pending()
        except (KeyboardInterrupt, ExternalError):
            pacer.close()
            self._take_last()
            raise
        finally:
            for _ in range(WORKERS):
                self._todo.put(None)

    def _work(self) -> None:
        """A worker: fetches what it is given; the only part that runs beside the calling thread."""
        while item := self._todo.get():
            outcome: Outcome = None
            try:
                outcome = self._wiki.page(item.title, item.pageid)
            except (FetchError, ExternalError) as failure:
                outcome = failure
            finally:  # also for an error of ours, so that nobody waits for a thread that has died
                self._done.put((item, outcome))

    def _met(self) -> bool:
        return self._goal is not None and self.have + self._in_flight >= self._goal

    def _start_pending(self) -> None:
        while self._in_flight < WORKERS and not self._met() and (item := self._next_pending()):
            self._in_flight += 1
            self._todo.put(item)

    def _next_pending(self) -> QueueItem | None:
        """The next page to fetch, drawing more when none is left; None when there are no more, or
        enough meanwhile.
        """
        while not self._met():
            item = self._cache.next_pending(self.request, after=self._position)
            if item is None:
                if self.exhausted:
                    return None
                self._draw_more()
                continue
            self._position = item.position
            reason = unfit_title(item.title)
            if reason is None:
                self._wiki.load_site_info()
                return item
            self._cache.mark(item, "missing", reason=reason)
        return None

    def _draw_more(self) -> None:
        """Draw a little more than is owed, since some pages give no pair, and remember it before
        the first is fetched.
        """
        number = (
            API_BATCH
            if self._goal is None
            else math.ceil((self._goal - self.have - self._in_flight) * 1.1) + 10
        )
        drawn = self._draw.more(self._wiki.query, self._state, number)
        new = self._cache.add_wanted(
            self.request, self._ordered(drawn), drawn.state, exhausted=drawn.exhausted
        )
        self._state, self.exhausted = drawn.state, drawn.exhausted
        # Each time the wiki gives pages by chance: it has been seen whole when a few draws, of more
        # pages together than are known, brought none that is new.
        self._dry_draws = 0 if new else self._dry_draws + 1
        self._dry_pages = 0 if new else self._dry_pages + len(drawn.pages)
        enough = self._dry_pages >= DRY_SHARE * self._cache.count_wanted(self.request)
        if self._draw.may_repeat and self._dry_draws >= DRY_DRAWS and enough:
            self._cache.add_wanted(self.request, [], drawn.state, exhausted=True)
            self.exhausted = True
        self._cache.mark_known(self.request)
        self._count()

    def _ordered(self, drawn: Drawn) -> list[tuple[str, int | None]]:
        """The drawn pages as they came, or in the order that the seed gives."""
        if self._seed is None:
            return drawn.pages
        return random.Random(self._seed).sample(
            sorted(drawn.pages, key=lambda page: page[0]), len(drawn.pages)
        )

    def _take(self, item: QueueItem, outcome: Outcome) -> None:
        """Keep what a worker brought, or note why it brought nothing."""
        self._in_flight -= 1
        self._wiki.report_facts()
        match outcome:
            case Page():
                self._keep(item, outcome)
            case Missing():
                self._cache.mark(item, "missing", reason=str(outcome))
                self._failed_in_a_row = 0
            case FetchError():
                self._cache.mark(item, "failed", reason=str(outcome))
                self._failed_in_a_row += 1
                if self._failed_in_a_row >= FAILURES_IN_A_ROW:
                    raise ExternalError(
                        f"{self._wiki.name}: {FAILURES_IN_A_ROW} pages in a row could not be had,"
                        f" the last for this reason: {outcome}; what came is kept, run the same"
                        " command again later"
                    )
            case ExternalError():
                raise outcome
            case None:
                raise RuntimeError("a worker died; its error stands above")

    def _keep(self, item: QueueItem, page: Page) -> None:
        try:
            made = self._make(page)
        except TimeLimitExceeded as failure:
            self._cache.mark(item, "failed", reason=str(failure))
            return
        self.fetched += 1
        self._failed_in_a_row = 0
        if not self._cache.keep(self._wiki.name, page, made, item):
            self._count()  # known under another title, perhaps from another request
        elif made.pairs:
            self.have += 1
        self._on_progress(self.have)

    def _count(self) -> None:
        self.have = self._cache.gave(self.request)
        self._on_progress(self.have)

    def _take_last(self) -> None:
        """Keep the pages that were on their way when the run was stopped and come soon."""
        end = time.monotonic() + LAST_PAGES
        while self._in_flight and (left := end - time.monotonic()) > 0:
            try:
                item, outcome = self._done.get(timeout=left)
            except queue.Empty:
                return
            self._in_flight -= 1
            if isinstance(outcome, Page):
                self._keep(item, outcome)
