-- The version of these scripts. It moves with the package's.
return "0.1.0"
