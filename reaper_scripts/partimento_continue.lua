-- @description partimento: Continue
-- @version 0.1.0
-- @author The partimento authors
-- @about Goes on in the time selection from what comes before it.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("continue")
