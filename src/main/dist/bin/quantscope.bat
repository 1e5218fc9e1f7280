@echo off
rem Starts Quantscope: the window without arguments, a headless command with some.
setlocal
set "HOME_DIR=%~dp0.."
set "JAVA=java"
if defined JAVA_HOME set "JAVA=%JAVA_HOME%\bin\java"
if defined QUANTSCOPE_JAVA_HOME set "JAVA=%QUANTSCOPE_JAVA_HOME%\bin\java"
"%JAVA%" ${jvm.flags} "-Dquantscope.home=%HOME_DIR%" %QUANTSCOPE_JAVA_OPTIONS% -cp "%HOME_DIR%\lib\*" quantscope.Launcher %*
