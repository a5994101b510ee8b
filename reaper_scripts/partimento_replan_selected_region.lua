-- @description partimento: Re-plan selected region
-- @version 0.1.0
-- @author The partimento authors
-- @about Plans the region at the edit cursor anew.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("replan")
