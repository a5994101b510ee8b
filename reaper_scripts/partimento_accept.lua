-- @description partimento: Accept
-- @version 0.1.0
-- @author The partimento authors
-- @about Keeps the active takes of the selected items and lets the others go.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.choose_takes").accept()
