%% One process per case that writes down what happens, in one order, and knows
%% who is to fail or to die when somebody is started.
-module(otp_recorder).
-export([start/1, ask/2]).

%% Returns the case with its recorder in it.
start(Case) ->
    Case#{recorder => spawn_link(fun() -> recorder(new_book(Case)) end)}.

ask(#{recorder := Recorder}, Request) ->
    Tag = make_ref(),
    Recorder ! {self(), Tag, Request},
    receive {Tag, Reply} -> Reply end.

%% about: the case. lines: latest first. pids: of the latest incarnation of each
%% id. monitors: of supervisors that are up. starting: ids of supervisors that
%% are being started.
new_book(Case) ->
    #{about => Case, lines => [], pids => #{}, monitors => #{},
      starting => [], failures => #{}, traps => []}.

recorder(Book) ->
    receive
        {From, Tag, Request} ->
            {Reply, Next} = record(Request, note_dead(Book)),
            From ! {Tag, Reply},
            recorder(Next)
    end.

%% Writes down the supervisors that are dead, in the order in which they died.
note_dead(#{monitors := Monitors} = Book) ->
    Dead = [Id || {Pid, Id} <- maps:values(Monitors),
                  not is_process_alive(Pid)],
    case Dead of
        [] ->
            Book;
        _ ->
            receive
                {'DOWN', Monitor, process, _, Reason}
                  when is_map_key(Monitor, Monitors) ->
                    {{_, Id}, Rest} = maps:take(Monitor, Monitors),
                    Line = {sup_down, Id, otp_cases:class_of(Reason)},
                    note_dead(add(Line, Book#{monitors := Rest}))
            end
    end.

add(Line, #{lines := Lines} = Book) -> Book#{lines := [Line | Lines]}.

%% ---------------------------------------------------------------------------
%% Requests
%% ---------------------------------------------------------------------------

record({add, Line}, Book) ->
    {ok, add(Line, Book)};
record(count, #{lines := Lines} = Book) ->
    {length(Lines), Book};
record(history, #{lines := Lines} = Book) ->
    {lists:reverse(Lines), Book};
record({latest, Id}, #{pids := Pids} = Book) ->
    {maps:get(Id, Pids, none), Book};
record({alive, Id}, Book) ->
    {alive(Id, Book), Book};
record(names, #{pids := Pids} = Book) ->
    {maps:from_list([{Pid, Id} || {Id, Pid} <- maps:to_list(Pids)]), Book};
record({fail_start, Id, Times}, #{failures := Failures} = Book) ->
    Sum = Times + maps:get(Id, Failures, 0),
    {ok, Book#{failures := Failures#{Id => Sum}}};
record({set_trap, Other, Trap}, #{traps := Traps} = Book) ->
    {ok, Book#{traps := Traps ++ [{Other, Trap}]}};
record({die, Id, Class}, Book) ->
    case die(Id, Class, Book) of
        {none, Same} -> {noproc, Same};
        {_, Next} -> {ok, Next}
    end;
record({attempt, Id}, Book) ->
    {Dead, Next} = spring_traps(Id, Book),
    {Answer, Last} = may_start(Id, Next),
    {{Answer, Dead}, Last};
record({worker_up, Id, Pid}, #{pids := Pids} = Book) ->
    {ok, add({start, Id}, Book#{pids := Pids#{Id => Pid}})};
record({supervisor_up, Id, Pid}, Book) ->
    #{pids := Pids, monitors := Monitors, starting := Starting} = Book,
    Monitor = monitor(process, Pid),
    {ok, add({start, Id},
             Book#{pids := Pids#{Id => Pid},
                   monitors := Monitors#{Monitor => {Pid, Id}},
                   starting := lists:delete(Id, Starting)})};
record({start_failed, Id}, #{starting := Starting} = Book) ->
    {ok, add({start_failed, Id},
             Book#{starting := lists:delete(Id, Starting)})}.

alive(Id, #{pids := Pids}) ->
    case Pids of
        #{Id := Pid} ->
            case is_process_alive(Pid) of
                true -> Pid;
                false -> none
            end;
        _ ->
            none
    end.

%% ---------------------------------------------------------------------------
%% Deaths and failures
%% ---------------------------------------------------------------------------

%% Ends a worker and returns its process id once it is dead, or none.
die(Id, Class, Book) ->
    case alive(Id, Book) of
        none ->
            {none, Book};
        Pid ->
            Monitor = monitor(process, Pid),
            case Class of
                kill -> exit(Pid, kill);
                _ -> Pid ! {die, otp_cases:reason_for(Class)}
            end,
            receive {'DOWN', Monitor, process, Pid, _} -> ok end,
            {Pid, add({'end', Id, Class}, Book)}
    end.

%% A supervisor that is being started springs no traps.
spring_traps(Id, #{about := Case, traps := Traps} = Book) ->
    Parent = otp_cases:parent_of(Id, Case),
    case lists:member(Parent, maps:get(starting, Book)) of
        true ->
            {[], Book};
        false ->
            {Set, Rest} = lists:partition(fun({O, _}) -> O =:= Id end, Traps),
            lists:foldl(fun({_, {Worker, Class}}, {Dead, Before}) ->
                                {Pid, Next} = die(Worker, Class, Before),
                                {[Pid || Pid =/= none] ++ Dead, Next}
                        end, {[], Book#{traps := Rest}}, Set)
    end.

may_start(Id, Book) ->
    #{about := Case, failures := Failures, starting := Starting} = Book,
    case {maps:get(Id, Failures, 0), otp_cases:find_node(Id, Case)} of
        {0, #{kind := supervisor}} ->
            {ok, Book#{starting := [Id | Starting]}};
        {0, _} ->
            {ok, Book};
        {Left, _} ->
            {failed, add({start_failed, Id},
                         Book#{failures := Failures#{Id := Left - 1}})}
    end.
