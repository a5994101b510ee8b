"""LICENSE and SOURCE of a model: the terms of the weights, the notices that its sources ask to carry on, and whom to thank."""

from __future__ import annotations

from collections.abc import Sequence

from engines.models.card import Source

MIT = """\
Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software
is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES
OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR
IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
BSD = """\
Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following
conditions are met:

  * Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.
  * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
    disclaimer in the documentation and/or other materials provided with the distribution.
  * Neither the name of the project nor the names of its contributors may be used to endorse or promote products derived from
    this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING,
BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT
SHALL THE COPYRIGHT OWNER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING
NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""
HOLDERS = {
    "pop909": ("MIT", "POP909: Copyright (c) 2020 Music X Lab\nPOP909-CL: Copyright (c) 2025 AndyWeasley2004"),
    "freedoom_music": ("BSD", "Copyright © 2001-2024 Contributors to the Freedoom project. All rights reserved."),
}
"""Sources whose licence wants its text to travel along."""


def licence_text(sources: Sequence[Source]) -> str:
    """The terms of a package."""
    names = {source.name for source in sources}
    parts = [
        "The weights in this folder are part of partimento and under its MIT licence. They hold learned numbers, no notes of\n"
        "any piece. Notices of the collections that they were learned from follow.\n"
    ]
    for kind, title, text in (("MIT", "MIT License", MIT), ("BSD", "BSD 3-Clause License", BSD)):
        holders = [line for name, (which, line) in HOLDERS.items() if which == kind and name in names]
        if holders:
            parts.append("\n".join([title, "", *holders, "", text]))
    return "\n".join(parts)


def source_text(sources: Sequence[Source], credits_: Sequence[str]) -> str:
    """What a model was learned from, and whom its licences ask to name."""
    lines = ["Learned from:", ""]
    lines += [f"- {s.name} ({s.notes:,} notes, {s.licence}, {s.grade}): {s.attribution}" for s in sources]
    if credits_:
        lines += ["", "Items under Creative Commons Attribution:", "", *(f"- {line}" for line in credits_)]
    return "\n".join(lines) + "\n"
