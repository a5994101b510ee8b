"""`ports`: the MIDI ports that `live` can open."""

from __future__ import annotations

import argparse

from bridge import midi_ports
from bridge.cli.console import Console

EXAMPLE = "partimento ports"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing of its own."""


def run(args: argparse.Namespace, console: Console) -> int:
    """List the ports of every back end that answers."""
    ports = midi_ports.look()
    console.result(
        {
            "schema": "ports/1",
            "chosen": ports.chosen,
            "back_ends": [
                {"name": b.name, "inputs": b.inputs, "outputs": b.outputs, "problem": b.problem}
                for b in ports.back_ends
            ],
        }
    )
    for back_end in ports.back_ends:
        if back_end.problem:
            console.say(f"{back_end.name}: not available ({back_end.problem})")
            continue
        console.say(f"{back_end.name}{' (chosen)' if back_end.name == ports.chosen else ''}")
        console.say(*(f"  in   {name}" for name in back_end.inputs))
        console.say(*(f"  out  {name}" for name in back_end.outputs))
        if not back_end.inputs and not back_end.outputs:
            console.say("  no ports; connect a device, or use `partimento live --virtual NAME`")
    if ports.chosen is None:
        console.say("No MIDI system answers. Start JACK, or use a machine whose kernel has ALSA's sequencer.")
    return 0
