-- @description partimento: Apply plan
-- @version 0.1.0
-- @author The partimento authors
-- @about Writes the project's plan into it; what you changed stays.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.verbs").run("apply")
