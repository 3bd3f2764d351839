"""A job as HTML: what it does, how far it is, and when it will be done."""

from assistant.web.jobs import Job
from assistant.web.render import text

WORDS = {"running": "", "stopping": "stopping …", "done": "done", "stopped": "stopped", "failed": "failed"}


def job_html(job: Job | None) -> str:
    """The job's panel; nothing before the first job."""
    if job is None:
        return ""
    if not job.running:
        said = f"<b>{text(job.name)}: {WORDS[job.state]}.</b> {text(job.message)}"
        return f'<div class="job {job.state}" role="status"><p>{said}</p></div>'
    return (
        f'<div class="job running" role="status"><p><b>{text(job.name)}</b> {text(job.stage)} '
        f'<span class="figures">{text(figures(job))}</span></p>{bar(job)}{noted(job)}</div>'
    )


def noted(job: Job) -> str:
    """What is to be known before the job ends."""
    lines = [*job.notes, *([f"and {job.more_notes:,} more"] if job.more_notes else [])]
    return f'<ul class="notes">{"".join(f"<li>{text(line)}</li>" for line in lines)}</ul>' if lines else ""


def following(watching: bool, note: str) -> str:
    """That the folders are followed, and what came of it; why not any more where it ended by itself."""
    words = f"Following the folders. {note}" if watching else note
    return f'<p class="note" role="status">{text(words.strip())}</p>' if words else ""


def once_more() -> str:
    """That a rebuild was asked for while one runs."""
    said = "Rebuild was asked for again: it begins once more when this one has ended."
    return f'<p class="note" role="status">{said}</p>'


def refused(why: str) -> str:
    """Why something that was asked for was not done; read out at once."""
    return f'<p class="warning" role="alert">{text(why)}</p>'


def bar(job: Job) -> str:
    """A bar with its value where the number of steps is known, otherwise one that only moves."""
    if not job.total:
        return '<progress aria-label="progress"></progress>'
    return f'<progress aria-label="progress" max="{job.total}" value="{min(job.done, job.total)}"></progress>'


def figures(job: Job) -> str:
    """Steps, rate and time left: "120 of 1,204, 68 a second, 16 s left"."""
    parts = [WORDS[job.state]] if job.state == "stopping" else []
    parts += [f"{job.done:,} of {job.total:,}"] if job.total else []
    parts += [f"{job.rate:,.1f} a second"] if job.rate is not None and job.seconds > 1 else []
    parts += [f"{duration(job.remaining)} left"] if job.remaining is not None and job.seconds > 1 else []
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Seconds in words that suit their size: "16 s", "3 min", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    if whole < 5400:
        return f"{round(whole / 60)} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
