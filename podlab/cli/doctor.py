"""`podlab doctor`: which clusters can be used here, and if not, why not."""

import argparse

from podlab.clusters import contexts, doctor, kubeconfigs


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--on", metavar="CONTEXT", help="look at a context of your kubeconfig instead, without changing anything on it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print what was found. 0 if at least the mock, or the context asked for, can be used."""
    if arguments.on:
        path, _ = kubeconfigs.find(arguments.on)
        findings = list(doctor.look_at(path, arguments.on, arguments.on, contexts.default_namespace(), confined=True))
        subject = arguments.on
    else:
        findings, subject = list(doctor.look()), "mock"
    width = max(len(finding.subject) for finding in findings)
    for finding in findings:
        print(f"{'ok ' if finding.good else 'no '} {finding.subject:{width}}  {finding.text}")
        if finding.mend:
            print(f"    {'':{width}}  -> {finding.mend}")
    return 0 if all(finding.good for finding in findings if finding.subject == subject) else 1
