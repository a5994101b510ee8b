-- @description partimento: Plan song…
-- @version 0.1.0
-- @author The partimento authors
-- @about Plans a whole song from a sentence.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("plan")
