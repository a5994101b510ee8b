"""The ports of this machine, through a real JACK server."""

from __future__ import annotations

import pytest
import rtmidi

from bridge import midi_ports
from bridge.midi_ports import BackEnd, MidiPorts


@pytest.mark.needs_tool
def test_a_port_that_another_program_opens_is_listed(jack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", jack)
    player = rtmidi.MidiOut(rtmidi.API_UNIX_JACK, name="keyboard")
    player.open_virtual_port("keys")
    try:
        ports = midi_ports.look()
    finally:
        player.close_port()
        player.delete()
    back_end = next(b for b in ports.back_ends if b.name == "JACK")
    assert back_end.problem is None
    assert any("keys" in name for name in back_end.inputs)
    assert ports.chosen is not None


def test_without_a_server_there_is_a_sentence_and_no_noise(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "nobody-here")
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    ports = midi_ports.look()
    jack = next(b for b in ports.back_ends if b.name == "JACK")
    assert jack.problem == "no JACK server is running"
    assert capfd.readouterr().err == ""


def test_the_chosen_back_end_lends_its_ports() -> None:
    ports = MidiPorts((BackEnd("ALSA", problem="none"), BackEnd("JACK", ("in",), ("out",))), "JACK")
    assert (ports.inputs, ports.outputs) == (("in",), ("out",))
    assert MidiPorts((), None).inputs == ()
