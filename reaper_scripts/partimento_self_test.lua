-- @description partimento: Self-test
-- @version 0.1.0
-- @author The partimento authors
-- @about Tries in a project tab of its own what these scripts take for granted about REAPER, and writes a report.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.self_test").run()
