-- @description partimento: Improvise (toggle)
-- @version 0.1.0
-- @author The partimento authors
-- @about Starts the improviser, or stops it.

package.path = select(2, reaper.get_action_context()):match("^.*[/\\]") .. "?.lua;" .. package.path
require("lib.live").toggle()
