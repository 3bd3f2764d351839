"""Readers in processes of their own that ask without a pause while the index is rebuilt."""

import multiprocessing
import threading
import traceback
from collections import Counter
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from time import perf_counter

from soak_state import CONSTANT, Place, Wrong

from tests.index.crash import build_here, write_edition

PROCESSES, THREADS = 4, 2
QUESTIONS = ("Which edition of a.txt is it?", "What is sentence 3 of document 7?", "Edition of b.txt")


def throughout(place: Place, rebuilds: int) -> dict[str, object]:
    """What the readers saw during so many rebuilds."""
    context = multiprocessing.get_context("spawn")
    stop, seen = context.Event(), context.Queue()
    readers = [context.Process(target=read, args=(place.index, stop, seen)) for _ in range(PROCESSES)]
    for reader in readers:
        reader.start()
    for _ in readers:
        seen.get()  # each has asked once
    began = perf_counter()
    for number in range(rebuilds):
        write_edition(place.documents, 10_000 + number)
        build_here(place.documents, place.index)
    seconds = perf_counter() - began
    stop.set()
    counts = [seen.get() for _ in range(PROCESSES * THREADS)]
    total = sum(counts, Counter[str]())
    for reader in readers:
        reader.join()
    return {
        "readers": PROCESSES * THREADS,
        "rebuilds": rebuilds,
        "seconds_a_rebuild": seconds / rebuilds,
        "fewest_generations_seen_by_a_reader": min(count["generations"] for count in counts),
        **{name: total[name] for name in ("answers", "errors", "wrong_quotes", "lost_documents")},
    }


def read(folder: Path, stop: Event, seen: "Queue[Counter[str]]") -> None:
    """One process: an assistant that its threads share."""
    from assistant import Assistant

    assistant = Assistant.open(folder, reader="similarity")
    assistant.ask(QUESTIONS[0], threshold=0.0)
    seen.put(Counter())

    def ask() -> None:
        counts: Counter[str] = Counter()
        generations: set[int] = set()
        while not stop.is_set():
            for question in QUESTIONS:
                try:
                    answer = assistant.ask(question, threshold=0.0)
                    generations.add(answer.generation)
                    counts["answers"] += 1
                    counts["lost_documents"] += answer.searched.documents < CONSTANT + 2
                    counts["wrong_quotes"] += sum(not is_right(quote.text) for quote in answer.quotes)
                except Exception as error:  # whatever it is, it is what this looks for
                    traceback.print_exc()
                    counts["wrong_quotes" if isinstance(error, Wrong) else "errors"] += 1
        counts["generations"] = len(generations)
        seen.put(counts)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def is_right(text: str) -> bool:
    """Whether a quote is made of sentences that the documents hold, whatever the edition."""
    sentences = [sentence for sentence in text.replace("\n\n", " ").split(". ") if sentence]
    return all(sentence.startswith(("Edition ", "Sentence ", "The quagfrobber")) for sentence in sentences)
